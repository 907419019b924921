"""embed.py GOC DIR: makes a module with files in DIR and embeds them: what the program sees, what goc says of bad patterns and variables.

The words after each pattern, and the program's output, are those of Go 1.23.
"""
import os
import subprocess
import sys

goc, root = sys.argv[1:]
failures = 0
FILES = {"go.mod": "module m\n\ngo 1.23\n", "a.txt": "hello\n", "b.txt": "b\n", "empty": "", "d/x.txt": "x\n", "d/sub/y.txt": "y\n",
         "d/_h/h": "h\n", "d/.hid": "z\n", "d/.git/g": "g\n", "d/nomod/go.mod": "module q\n", "d/nomod/n": "n\n"}
PROGRAM = """package main

import (
	"embed"
	"fmt"
	"io/fs"
)

type S string
type b byte
type FS = embed.FS

//go:embed a.txt
var s string

//go:embed a.txt
var named S

var copied = s + "!"
var same = s

//go:embed b.txt
var bytes []byte

//go:embed a.txt
var namedBytes []b

//go:embed empty
var empty string

//go:embed empty
var emptyBytes []byte

//go:embed a.txt
var _ string

//go:embed a.txt
//go:embed "b.txt" `d/x.txt` [a]*
var files FS

//go:embed d/sub
var folder embed.FS

//go:embed all:d/_h [ab].txt
var all embed.FS

var none embed.FS

func walk(f embed.FS) {
	fs.WalkDir(f, ".", func(path string, d fs.DirEntry, err error) error {
		data, e := f.ReadFile(path)
		fmt.Printf("%s %v %q %v\\n", path, d.IsDir(), data, e)
		return err
	})
	_, err := f.Open("nope")
	fmt.Println(err)
}

func main() {
	bytes[0] = 'X'
	fmt.Printf("%q %q %q %q %q %q %q %q %v\\n", s, named, copied, same, bytes, namedBytes, empty, emptyBytes, emptyBytes == nil)
	walk(files)
	walk(folder)
	walk(all)
	walk(none)
}
"""
OUTPUT = """"hello\\n" "hello\\n" "hello\\n!" "hello\\n" "X\\n" "hello\\n" "" "" false
. true "" read .: is a directory
a.txt false "hello\\n" <nil>
b.txt false "b\\n" <nil>
d true "" read d: is a directory
d/x.txt false "x\\n" <nil>
open nope: file does not exist
. true "" read .: is a directory
d true "" read d: is a directory
d/sub true "" read d/sub: is a directory
d/sub/y.txt false "y\\n" <nil>
open nope: file does not exist
. true "" read .: is a directory
a.txt false "hello\\n" <nil>
b.txt false "b\\n" <nil>
d true "" read d: is a directory
d/_h true "" read d/_h: is a directory
d/_h/h false "h\\n" <nil>
open nope: file does not exist
. true "" read .: is a directory
open nope: file does not exist
"""
PATTERNS = [
    ("nofile", "5:12: pattern nofile: no matching files found"),
    ("../x", "5:12: pattern ../x: invalid pattern syntax"),
    ("[", "5:12: pattern [: invalid pattern syntax"),
    ("[a-]", "5:12: pattern [a-]: invalid pattern syntax"),
    ("/a.txt", "5:12: pattern /a.txt: invalid pattern syntax"),
    (".", "5:12: pattern .: invalid pattern syntax"),
    ("d/", "5:12: pattern d/: invalid pattern syntax"),
    ("d//x.txt", "5:12: pattern d//x.txt: invalid pattern syntax"),
    ("e", "5:12: pattern e: cannot embed directory e: contains no embeddable files"),
    ("link", "5:12: pattern link: cannot embed irregular file link"),
    ("d/.git", "5:12: pattern d/.git: cannot embed directory d/.git: invalid name .git"),
    ("d/.git/g", "5:12: pattern d/.git/g: cannot embed file d/.git/g: in invalid directory .git"),
    ("d/nomod/n", "5:12: pattern d/nomod/n: cannot embed file d/nomod/n: in different module"),
    ("d/nomod", "5:12: pattern d/nomod: cannot embed directory d/nomod: in different module"),
    ("a.txt all:nofile", "5:18: pattern all:nofile: no matching files found"),
    ("[^x].txt", None),
    (r"a\.txt", None),
    ("d/s?b", None),
    ("all:d", None),
    ('"unclosed', '5:3: invalid quoted string in //go:embed: "unclosed'),
    ("", "5:3: usage: //go:embed pattern..."),
]
VARIABLES = [
    ("var x int", "6:5: go:embed cannot apply to var of type int"),
    ("var x FS", "6:5: go:embed cannot apply to var of type FS"),
    ("var x []string", "6:5: go:embed cannot apply to var of type []string"),
    ("var x, y string", "5:3: go:embed cannot apply to multiple vars"),
    ('var x string = "x"', "5:3: go:embed cannot apply to var with initializer"),
    ("const x = 1", "5:3: misplaced go:embed directive"),
]


def expect(what, got, want):
    global failures
    if got != want:
        failures += 1
        print("%s:\n  want %r\n  got  %r" % (what, want, got))


def write(name, text):
    path = os.path.join(root, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write(text)


def run(*args):
    p = subprocess.run(args, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return p.stdout


def first_error(program):
    """The first message about m.go, without the file's name; None if there is none."""
    write("m.go", program)
    lines = [l for l in run(goc, "build", "-O0", "-c", "-o", os.devnull, ".").split("\n") if l.startswith("./m.go:")]
    return lines[0][len("./m.go:"):] if lines else None


for name, text in FILES.items():
    write(name, text)
os.makedirs(os.path.join(root, "e"))
os.symlink("a.txt", os.path.join(root, "link"))
write("m.go", PROGRAM)
for level in "-O0", "-O2":
    expect("build", run(goc, "build", level, "-d", "verify", "-o", "x", "."), "")
    expect("program", run("./x"), OUTPUT)
write("a.txt", "changed\n")
expect("build", run(goc, "build", "-o", "x", "."), "")
expect("after a change", run("./x").split(" ")[0], '"changed\\n"')
for pattern, want in PATTERNS:
    expect(pattern, first_error('package main\n\nimport "embed"\n\n//go:embed %s\nvar f embed.FS\n\nfunc main() {}\n' % pattern), want)
for line, want in VARIABLES:
    expect(line, first_error('package main\n\nimport "embed"\n\n//go:embed a.txt\n%s\n\ntype FS embed.FS\n\nfunc main() {}\n' % line), want)
expect("two files", first_error('package main\n\nimport _ "embed"\n\n//go:embed *.txt\nvar x string\n\nfunc main() {}\n'),
       "6:5: invalid go:embed: multiple files for type string")
expect("no import", first_error('package main\n\n//go:embed a.txt\nvar x string\n\nfunc main() {}\n'),
       '3:3: go:embed only allowed in Go files that import "embed"')
expect("local", first_error('package main\n\nimport _ "embed"\n\nfunc main() {\n\t//go:embed a.txt\n\tvar x string\n\t_ = x\n}\n'),
       "6:4: go:embed cannot apply to var inside func")
sys.exit(failures > 0)
