// The block function without assembly.

package chacha8rand

import _ "unsafe" // for linkname

//go:linkname blockGoc internal/chacha8rand.block
func blockGoc(seed *[4]uint64, blocks *[32]uint64, counter uint32) {
	block_generic(seed, blocks, counter)
}
