// plugin.cpp: registers the pass with opt: opt-19 -load-pass-plugin=goc-escape.so -passes=goc-escape (or goc-promote) in.ll -S
//
// The only C++ file of the pass: LLVM-C 19 cannot register passes. goc_escape_run runs mem2reg itself, so that opt fed with
// `-d ir` prints `-d escape`. GOC_ESCAPE_M=1 or 2 in the environment prints the lines of -m on stderr, sorted as they come.
#include "llvm/IR/Module.h"
#include "llvm/IR/PassManager.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Passes/PassPlugin.h"
#include <cstdio>
#include <cstdlib>

extern "C" {
#include "pass/escape.h"
}

using namespace llvm;

namespace {

void print_note(void *, const char *file, unsigned line, unsigned col, const char *text) {
  std::fprintf(stderr, "%s:%u:%u: %s\n", file, line, col, text);
}

EscapeOptions options() {
  EscapeOptions opt = {};
  const char *m = std::getenv("GOC_ESCAPE_M"), *off = std::getenv("GOC_ESCAPE_OFF"), *stats = std::getenv("GOC_ESCAPE_STATS");
  opt.explain = m ? std::atoi(m) : 0;
  opt.off = off && *off == '1';
  opt.stats = stats ? std::atoi(stats) : 0;
  opt.note = print_note;
  return opt;
}

struct GocEscape : PassInfoMixin<GocEscape> {
  PreservedAnalyses run(Module &m, ModuleAnalysisManager &) {
    EscapeOptions opt = options();
    char *message = nullptr;
    if (!goc_escape_run(wrap(&m), &opt, &message)) {
      std::fprintf(stderr, "goc-escape: %s\n", message);
      std::exit(1);
    }
    m.setModuleIdentifier(m.getSourceFileName()); // as the driver's dump has it, whatever file opt read
    return PreservedAnalyses::none();
  }
  static bool isRequired() { return true; }
};

struct GocStatic : PassInfoMixin<GocStatic> {
  PreservedAnalyses run(Module &m, ModuleAnalysisManager &) {
    goc_static_run(wrap(&m));
    return PreservedAnalyses::none();
  }
  static bool isRequired() { return true; }
};

struct GocPromote : PassInfoMixin<GocPromote> {
  PreservedAnalyses run(Module &m, ModuleAnalysisManager &) {
    goc_promote_run(wrap(&m));
    return PreservedAnalyses::none();
  }
  static bool isRequired() { return true; }
};

bool parse(StringRef name, ModulePassManager &pm, ArrayRef<PassBuilder::PipelineElement>) {
  if (name == "goc-escape") {
    pm.addPass(GocEscape());
    return true;
  }
  if (name == "goc-static") {
    pm.addPass(GocStatic());
    return true;
  }
  if (name == "goc-promote") {
    pm.addPass(GocPromote());
    return true;
  }
  return false;
}

} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK PassPluginLibraryInfo llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "goc-escape", "1", [](PassBuilder &pb) { pb.registerPipelineParsingCallback(parse); }};
}
