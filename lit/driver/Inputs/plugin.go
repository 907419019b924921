package main

type point struct{ x, y int }

func leak(n int) *point { p := point{n, 2}; return &p }
func stay(n int) int    { p := &point{n, 2}; return p.x + p.y }

func main() { println(leak(1).x, stay(2)) }
