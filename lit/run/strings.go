// Strings: indexing, slicing, ranges over runes, conversions, comparison, concatenation.
package main

import (
	"fmt"
	"strings"
)

//go:noinline
func id[T any](x T) T { return x }

type name string
type raw []byte

func main() {
	s := id("héllo, 世界\xff!")
	for i, r := range s {
		fmt.Print(i, ":", string(r), "/", r, " ")
	}
	fmt.Println(len(s), len([]rune(s)))
	for i := range "日本" {
		fmt.Print(i, " ")
	}
	fmt.Println(s[1], s[2:5], s[:0] == "", s[len(s):] == "")
	b := []byte(s)
	b[0] = 'H'
	fmt.Println(string(b), s, string(b[:5]), []rune("aé世"), string([]rune{65, 0x4e16, -1, 0x10ffff}))
	fmt.Println(string(rune(id(0x20ac))), string(rune(id(-5))), name(b[:2]), string(raw("xyz")))
	fmt.Println("a" < "b", "a" < "aa", id("abc") == id("abc"), id("abc") < id("abd"), id("") < id("a"), id("b") > id("abc"), id("x") != id("y"))
	t := ""
	for i := 0; i < 10; i++ {
		t += string(rune('a' + i))
	}
	fmt.Println(t, t+t[3:]+"!", id("")+t+id(""))
	switch t {
	case "abc":
		fmt.Println("no")
	case id("abcdefghij"):
		fmt.Println("yes")
	}
	m := map[string]int{"one": 1}
	m[string(b[1:1])+"two"] = 2
	fmt.Println(m[string([]byte("one"))], m["two"], m["three"])
	fmt.Println(strings.Map(func(r rune) rune {
		if r == 'l' {
			return -1
		}
		return r + 1
	}, "hello"), strings.Split("a,b,,c", ","), strings.Replace("aaaa", "a", "bc", 2), strings.Title("go on"))
	var sb strings.Builder
	for i := 3; i > 0; i-- {
		fmt.Fprintf(&sb, "%d…", i)
	}
	fmt.Println(sb.String(), sb.Len(), strings.Contains(sb.String(), "2…"), strings.LastIndex("go gopher", "go"), strings.EqualFold("Straße", "STRAßE"))
	fmt.Printf("%q %+q %x % x %s\n", s, s, "hi", "hi", []string{"a b", "c"})
	const big = "0123456789abcdef0123456789abcdef0123456789abcdef"
	fmt.Println(big+id("x") == id(big)+"x", strings.Count(big, "f"), strings.Index(big, "f0"), strings.IndexByte(big, '9'), copy(b, big), string(b[:8]))
}
