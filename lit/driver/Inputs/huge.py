"""Writes a program whose function is too large for the optimiser: a switch of 10,000 strings."""
import sys

with open(sys.argv[1], "w") as f:
    f.write("package main\n\nfunc find(s string) int {\n\tswitch s {\n")
    for i in range(10000):
        f.write('\tcase "k%d":\n\t\treturn %d\n' % (i, i))
    f.write('\t}\n\treturn -1\n}\n\nfunc main() {\n\tprintln(find("k0"), find("k9999"), find("none"))\n}\n')
