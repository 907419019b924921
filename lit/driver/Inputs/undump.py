# undump.py file: the text of a -d dump without its titles ("> After escape: ...") and the lines about packages ("# main").
import sys

for line in open(sys.argv[1]):
    if not line.startswith((">", "# ")):
        sys.stdout.write(line)
