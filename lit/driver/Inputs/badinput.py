# badinput.py goc hello.go folder: inputs that are no program. Each must give the lines that its row says and no more, exit status 1, no program.
import gzip
import os
import random
import re
import subprocess
import sys

goc, hello, folder = sys.argv[1:]
source = open(hello, "rb").read()
status = 0
out = os.path.join(folder, "out")
TITLE = "# command-line-arguments"
FIRST = "syntax error: package statement must be first"


def build(args, cwd):
    p = subprocess.run([goc, "build", "-o", out, *args], cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600)
    return p.returncode, p.stdout.decode(errors="replace").splitlines()


def case(what, args, want, cwd=folder, code=1):
    """want: patterns of the lines that the compiler says."""
    global status
    rc, lines = build(args, cwd)
    same = len(lines) == len(want) and all(re.fullmatch(w, line) for w, line in zip(want, lines))
    left = [f for _, _, files in os.walk(folder) for f in files if f.startswith("out")]
    if rc != code or not same or (left and code):
        print("%s: exit %d, left %s\n  said %s\n  want %s" % (what, rc, left, lines, want))
        status = 1
    if os.path.exists(out):
        os.unlink(out)


def write(name, data):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    open(path, "wb").write(data)
    return name


def file(what, data, *want):
    case(what, [write("x.go", data)], want)


# Binary junk of several kinds.
noise = bytes(random.Random(1).randrange(1, 256) for _ in range(5000))
file("zeros", bytes(100000), r"goc: reading \./x\.go: unexpected NUL in input")
file("UTF-16", "package main\n".encode("utf-16"), r"goc: reading \./x\.go: unexpected NUL in input")
file("an executable", open(goc, "rb").read(100000), r"goc: reading \./x\.go: unexpected NUL in input")
file("gzip", gzip.compress(source, mtime=0), r"goc: reading \./x\.go: unexpected NUL in input")
file("noise without NUL", noise, TITLE, r"\./x\.go:1:1: .*")
file("one line of a million parentheses", b"(" * 1000000, TITLE, r"\./x\.go:1:1: " + FIRST)
file("deep parentheses", b"package main\nvar x = " + b"(" * 1000000, TITLE, r"\./x\.go:2.*: syntax error: nested too deeply")
file("deep blocks", b"package main\nfunc main() " + b"{" * 1000000, TITLE, r"\./x\.go:2.*: syntax error: nested too deeply")
file("deep types", b"package main\nvar x " + b"*" * 1000000, TITLE, r"\./x\.go:2.*: syntax error: nested too deeply")
file("a long constant", b"package main\nvar x = " + b"1" * 1000000, TITLE, r"\./x\.go:2:9: excessively long constant: 1111111111\.\.\. \(1000000 chars\)")
file("NUL inside", b"package main\nfunc main() {\n\0}\n", TITLE, r"\./x\.go:3:1: invalid NUL character")
file("no UTF-8", b"package main\n//\xff\nfunc main() {}\n", TITLE, r"\./x\.go:2:3: invalid UTF-8 encoding")

# Files that are hardly there.
file("empty", b"", TITLE, r"\./x\.go:1:1: " + FIRST)
file("a byte order mark", b"\xef\xbb\xbf", TITLE, r"\./x\.go:1:4: " + FIRST)
file("text", b"Dear reader,\n\nthis is not Go.\n", TITLE, r"\./x\.go:1:1: " + FIRST)
file("no main function", b"package main\n", TITLE, "runtime.main_main·f: function main is undeclared in the main package")
case("no main package", [write("lib.go", b"package lib\n")], [], code=0)
os.mkfifo(os.path.join(folder, "pipe.go"))
os.symlink("/dev/null", os.path.join(folder, "null.go"))
os.symlink("loop.go", os.path.join(folder, "loop.go"))
case("a pipe", ["pipe.go"], [r"goc: \./pipe\.go is not a regular file"])
case("a device", ["null.go"], [r"goc: \./null\.go is not a regular file"])
case("a link to itself", ["loop.go"], [r"goc: cannot read \./loop\.go: Too many levels of symbolic links"])

# Sources that end early: between tokens and inside them, in every part of the program.
long_source = open(os.path.join(os.path.dirname(hello), "plugin.go"), "rb").read()
for n in [1, 5, 8, *range(20, len(long_source) - 2, len(long_source) // 25 or 1)]:
    rc, lines = build([write("x.go", long_source[:n])], folder)
    if rc not in (0, 1) or (rc == 1 and (len(lines) < 2 or not re.match(r"\./x\.go:\d+(:\d+)?: |runtime\.main_main", lines[1]))):
        print("cut at byte %d: exit %d, said %s" % (n, rc, lines))
        status = 1
    if os.path.exists(out):
        os.unlink(out)
file("cut in a string", b'package main\nfunc main() { println("x', TITLE, r"\./x\.go:2:23: string not terminated", r"\./x\.go:2:.*: syntax error: unexpected EOF.*")
file("cut in a comment", b"package main\n/* x", TITLE, r"\./x\.go:2:1: comment not terminated")

# Folders.
write("tests/x_test.go", b"package x\n")
write("none/x.txt", b"")
case("test files only", ["./tests"], [r"goc: no non-test Go files in .*/tests"])
case("no Go files", ["./none"], [r"goc: no Go files in .*/none"])
case("no folder", ["./missing"], [r"goc: \./missing: No such file or directory"])
case("a file as folder", ["./none/x.txt"], [r"goc: \./none/x\.txt is not a directory"])
case("two folders", [hello, "x.go"], [r"goc: named files must all be in one directory; have .* and \."])
case("two packages", ["lib.go", write("main.go", source)], [r"\./main\.go:\d+:9: found packages lib \(lib\.go\) and main \(main\.go\) in \."])
case("no package", ["nosuch"], [r"goc: package nosuch is not in std \(.*/src/nosuch\)"])
case("nothing matches", ["./none/..."], [r'goc: warning: "\./none/\.\.\." matched no packages'], code=0)

# go.mod files.
GO_MODS = [
    (b"\x7fELF\x02\n", r"goc: go\.mod:1: unexpected input character '.x7f'"),
    (b"module m\nfoo bar\n", r"goc: go\.mod:2: unknown directive: foo"),
    (b"go 1.23\n", r"goc: error reading go\.mod: missing module declaration"),
    (b"module m\ngo 1.99\n", r"goc: go\.mod:2: go\.mod requires go >= 1\.99 \(running go 1\.23\)"),
    (b"module m\ngo banana\n", r"goc: go\.mod:2: invalid go version 'banana': must match format 1\.23\.0"),
    (b"module m\nrequire (\n\ta.b/c v1.0.0\n", r"goc: go\.mod:3: syntax error \(unterminated block started at line 2\)"),
    (b"module m\nrequire a.b/c\n", r"goc: go\.mod:2: usage: require module/path v1\.2\.3"),
    (b'module "m\n', r"goc: go\.mod:1: unexpected newline in string"),
    (b"module m\nreplace a.b/c => d\n", r"goc: go\.mod:2: replacement module without version must be directory path \(.*\)"),
]
for i, (text, want) in enumerate(GO_MODS):
    write("mod%d/go.mod" % i, text)
    write("mod%d/main.go" % i, source)
    case("go.mod %r" % text, ["."], [want], cwd=os.path.join(folder, "mod%d" % i))
    write("mod%d/sub/main.go" % i, source)
    case("below go.mod %r" % text, ["."], [want.replace(r"go\.mod", r".*/go\.mod", 1)], cwd=os.path.join(folder, "mod%d/sub" % i))

# The output's place.
case("-o below a file", ["-o", os.path.join(folder, "x.go/out"), hello], [r"goc: cannot write .*/x\.go/out: Not a directory"])
case("-o is a folder", ["-o", os.path.join(folder, "none"), hello], [], code=0)
case("-o in folders to be made", ["-o", os.path.join(folder, "new/folders/p"), hello], [], code=0)
for made in "none/hello", "new/folders/p":
    if not os.access(os.path.join(folder, made), os.X_OK):
        print("%s was not made" % made)
        status = 1
sys.exit(status)
