// Text in columns: text/tabwriter, and verbs of fmt.
package main

import (
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"
)

type item struct {
	name  string
	price float64
	count int
	added time.Time
}

func (i item) String() string { return fmt.Sprintf("%s(%d)", i.name, i.count) }

func main() {
	day := time.Date(2024, time.February, 28, 12, 30, 0, 0, time.UTC)
	items := []item{
		{"apple", 0.25, 120, day},
		{"melon", 3.5, 4, day.AddDate(0, 0, 1)},
		{"dragon fruit", 12, 1, day.AddDate(0, 0, 2)},
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', tabwriter.AlignRight|tabwriter.Debug)
	fmt.Fprintln(w, "item\tprice\tcount\ttotal\tadded\t")
	sum := 0.0
	for _, it := range items {
		total := it.price * float64(it.count)
		sum += total
		fmt.Fprintf(w, "%s\t%.2f\t%d\t%8.2f\t%s\t\n", it.name, it.price, it.count, total, it.added.Format("Mon, 2 Jan 2006"))
	}
	fmt.Fprintf(w, "\t\t\t%8.2f\t\t\n", sum)
	w.Flush()

	fmt.Println(strings.Repeat("-", 40))
	fmt.Printf("%v %+v %T\n", items[0], struct{ A, B any }{1, "x"}, items)
	fmt.Printf("%q %x %X %08.3f %+d %e %t %c %U\n", "tab\t", "hex", []byte{1, 171}, 3.14159, 7, 12345.678, true, 'ß', '世')
	fmt.Printf("[%6d] [%-6d] [%06d] [%*d] %[2]d %[1]d\n", 1, 2, 3, 5, 4)
	fmt.Printf("%!|%d %s\n", "no number")
	fmt.Println(day.Add(36*time.Hour).Weekday(), 90*time.Second, day.Unix())
}
