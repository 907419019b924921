# Writes a file of bytes that are no source text.
import sys

seed, out = 12345, bytearray(b"\x7fELF")
for _ in range(4096):
    seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
    out.append(seed >> 16 & 0xFF)
open(sys.argv[1], "wb").write(out)
