package main

import "fmt"

func asInterface() interface{} {
	x := 42
	return x // Heap allocation because the variable is cast to interface{}
}

type Shape interface{ Area() float64 }

type Square struct{ side float64 }
type Circle struct{ radius float64 }

func (s Square) Area() float64  { return s.side * s.side }
func (c *Circle) Area() float64 { return 3 * c.radius * c.radius }

func total(shapes ...Shape) (sum float64) {
	for _, s := range shapes {
		sum += s.Area()
	}
	return sum
}

func main() {
	v := asInterface()
	n, ok := v.(int)
	fmt.Println(v, n, ok)
	fmt.Println(total(Square{2}, &Circle{1}))
}
