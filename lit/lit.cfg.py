# lit's configuration for all texts under lit/. Each folder holds tests by suffix: .ll for the pass, .go for everything else.
#
#   %goc       build/<preset>/goc            %opt      opt of LLVM 19         %plugin  build/<preset>/goc-escape.so
#   %escape    opt with the plugin running mem2reg and goc-escape, text to stdout; %promote: goc-promote;  %build   the build folder
#   %python    the interpreter that runs lit   %lit      lit itself
#   FileCheck, llc, llvm-as … are those of LLVM 19. A folder's lit.local.cfg may set config.unsupported = True.
#
# python3 /usr/lib/llvm-19/build/utils/lit/lit.py --param build=build/release lit/escape
import os
import sys
import lit.formats

config.name = "goc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.excludes = ["Inputs", "testdata"]
config.test_source_root = os.path.dirname(os.path.abspath(__file__))

build = os.path.abspath(lit_config.params.get("build", os.path.join(config.test_source_root, "..", "build", "release")))
llvm_bin = lit_config.params.get("llvm_bin", "/usr/lib/llvm-19/bin")
filecheck = lit_config.params.get("filecheck", os.path.join(llvm_bin, "FileCheck"))
config.test_exec_root = os.path.join(build, "lit")
os.makedirs(config.test_exec_root, exist_ok=True)

goc = os.path.join(build, "goc")
config.goc = goc  # for lit/run/lit.local.cfg
plugin = os.path.join(build, "goc-escape.so")
opt = os.path.join(llvm_bin, "opt")
config.environment["GOCCACHE"] = os.path.join(build, "gocache")
config.environment["HOME"] = build
for name in ("GOROOT", "GOPATH", "GOFLAGS", "ASAN_OPTIONS", "LD_PRELOAD"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
# A .go test needs the compiler, a .ll test the plugin: without them they are left out.
config.suffixes = [".test"]
if os.path.exists(goc):
    config.available_features.add("goc")
    config.suffixes.append(".go")
if os.geteuid() != 0:
    config.available_features.add("not-root")
if os.path.exists(plugin):
    config.available_features.add("plugin")
    config.suffixes.append(".ll")

config.substitutions.append(("%escape", "%s -load-pass-plugin=%s -passes=goc-escape,verify -S" % (opt, plugin)))
config.substitutions.append(("%promote", "%s -load-pass-plugin=%s -passes=goc-promote,verify -S" % (opt, plugin)))
config.substitutions.append(("%plugin", plugin))
config.substitutions.append(("%python", sys.executable))
config.substitutions.append(("%lit", os.path.abspath(sys.argv[0])))
config.substitutions.append(("%build", build))
config.substitutions.append(("%examples", os.path.join(os.path.dirname(config.test_source_root), "examples")))
config.substitutions.append(("%goc", goc))
config.substitutions.append(("%opt", opt))
config.substitutions.append((r"\bFileCheck\b", filecheck))
for tool in ("llc", "llvm-as", "llvm-dis", "not", "count"):
    config.substitutions.append((r"(?<![\w./-])%s(?![\w./-])" % tool, os.path.join(llvm_bin, tool)))
