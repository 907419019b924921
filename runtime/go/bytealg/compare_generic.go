// Comparison of byte strings: runtime/bytes.c.

package bytealg

import _ "unsafe" // for linkname

//go:noescape
func Compare(a, b []byte) int

func CompareString(a, b string) int { return abigen_runtime_cmpstring(a, b) }

//go:linkname abigen_runtime_cmpstring runtime.cmpstring
//go:noescape
func abigen_runtime_cmpstring(a, b string) int
