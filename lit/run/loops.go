// Control flow: labels, goto, switch forms, per-iteration variables, fallthrough, select-free state machines.
package main

import "fmt"

func collatz(n int) (steps int) {
	for n != 1 {
		if n%2 == 0 {
			n /= 2
		} else {
			n = 3*n + 1
		}
		steps++
	}
	return
}

func gotos(n int) string {
	i := 0
again:
	if i < n {
		i++
		if i == 3 {
			goto done
		}
		goto again
	}
	return "short"
done:
	return "three"
}

func matrix() (out [][2]int) {
rows:
	for i := 0; i < 5; i++ {
		for j := 0; ; j++ {
			switch {
			case j > i:
				continue rows
			case i == 4:
				break rows
			case (i+j)%2 == 1:
				continue
			}
			out = append(out, [2]int{i, j})
		}
	}
	return
}

func grade(n int) string {
	switch n /= 10; n {
	case 10, 9:
		return "A"
	case 8:
		return "B"
	default:
		if n < 0 {
			break
		}
		return "F"
	}
	return "?"
}

func kinds(c byte) (s string) {
	switch {
	case '0' <= c && c <= '9':
		s = "digit"
	case 'a' <= c && c <= 'z':
		s = "lower"
		fallthrough
	case c == '_':
		s += "ident"
	}
	return
}

func main() {
	fmt.Println(collatz(27), gotos(2), gotos(9), matrix())
	for _, n := range []int{100, 85, 3, -50} {
		fmt.Print(grade(n), " ")
	}
	for _, c := range []byte("4x_ ") {
		fmt.Printf("%q ", kinds(c))
	}
	fmt.Println()
	var ptrs []*int
	for i := 0; i < 3; i++ {
		ptrs = append(ptrs, &i)
		i += 0
	}
	for _, p := range ptrs {
		fmt.Print(*p, " ")
	}
	for i, p := 0, new(int); i < 3; i++ {
		*p += i
		p = &i
		if i == 1 {
			*p = 2
		}
		fmt.Print(i, *p, " ")
	}
	fmt.Println()
	sum := 0
	for i := range [5]struct{}{} {
		sum += i
	}
	s := []int{1, 2, 3}
	for i, v := range s {
		if i == 0 {
			s = append(s, 4)
			s[1] = 20
		}
		sum += v
	}
	fmt.Println(sum, s)
	x := 10
	if x := x * 2; x > 15 {
		fmt.Println("inner", x)
	} else if y := x; y > 0 {
		fmt.Println(y)
	}
	{
		x := "shadow"
		_ = x
	}
	fmt.Println(x)
	func() {
		for {
			if x--; x < 0 {
				return
			}
		}
	}()
	fmt.Println(x)
}
