// RUN: rm -rf %t && mkdir -p %t/a && cp %s %t/main.go
// RUN: printf 'module m\n\ngo 1.23\n' > %t/go.mod && printf 'package a\n\nvar V int\n' > %t/a/a.go
// RUN: cd %t && %goc escape -json ./... | python3 -c 'import json, sys; print(sorted((x["name"], x["where"]) for x in json.load(sys.stdin)))' | FileCheck %s

// The rows of several packages are one list.
// CHECK: [('V', 'static'), ('g', 'static'), ('x', 'heap')]
package main

var g *int

func main() {
	x := 1
	g = &x
}
