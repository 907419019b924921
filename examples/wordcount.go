// Counts the words of standard input and prints the most frequent ones.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strings"
)

func main() {
	counts := map[string]int{}
	lines, words := 0, 0
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		lines++
		for _, w := range strings.FieldsFunc(in.Text(), func(r rune) bool {
			return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r > 127)
		}) {
			counts[strings.ToLower(w)]++
			words++
		}
	}
	if err := in.Err(); err != nil {
		fmt.Fprintln(os.Stderr, "wordcount:", err)
		os.Exit(1)
	}
	keys := make([]string, 0, len(counts))
	for w := range counts {
		keys = append(keys, w)
	}
	sort.Slice(keys, func(i, j int) bool {
		if counts[keys[i]] != counts[keys[j]] {
			return counts[keys[i]] > counts[keys[j]]
		}
		return keys[i] < keys[j]
	})
	fmt.Printf("%d lines, %d words, %d different\n", lines, words, len(keys))
	for i, w := range keys {
		if i == 10 {
			break
		}
		fmt.Printf("%4d  %s\n", counts[w], w)
	}
}
