package main

func main() {
	println(x1)
	println(x2)
	println(x3)
	println(x4)
	println(x5)
	println(x6)
	println(x7)
	println(x8)
	println(x9)
	println(x10)
	println(x11)
	println(x12)
}
