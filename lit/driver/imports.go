// RUN: not %goc build -o /dev/null %s 2>&1 | FileCheck %s
// RUN: not %goc build -c -o /dev/null %s 2>&1 | FileCheck --check-prefix=GC %s
// Paths that are none, in the words of the go command and, compiling alone, of gc.
package main

import (
	// CHECK: imports.go:[[#@LINE+2]]:2: malformed import path "unicode//utf8": double slash
	// GC: imports.go:[[#@LINE+1]]:4: non-canonical import path "unicode//utf8" (should be "unicode/utf8")
	_ "unicode//utf8"
	// CHECK: imports.go:[[#@LINE+2]]:2: malformed import path "fmt/": trailing slash
	// GC: imports.go:[[#@LINE+1]]:4: non-canonical import path "fmt/" (should be "fmt")
	_ "fmt/"
	// CHECK: imports.go:[[#@LINE+1]]:2: "./x" is relative, but relative import paths are not supported in module mode
	_ "./x"
	// CHECK: imports.go:[[#@LINE+1]]:2: package nosuch is not in std
	"nosuch"
)

func main() {}
