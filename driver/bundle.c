// bundle.c: inline bundles: the small functions of a package, after goc-escape, as
// available_externally bitcode for its importers.
#include "driver.h"
#include <llvm-c/BitReader.h>
#include <llvm-c/BitWriter.h>
#include <llvm-c/Comdat.h>
#include <llvm-c/Linker.h>
#include <stdlib.h>
#include <string.h>

enum { BUNDLE_LIMIT = 60 }; // instructions of a function that importers may inline

static bool has_attr(LLVMValueRef f, const char *name) {
  unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));
  return LLVMGetEnumAttributeAtIndex(f, LLVMAttributeFunctionIndex, kind) != NULL;
}

// A private or internal global can't be named from another object; constants are copied along,
// anything else keeps its function at home.
static bool names_internal(LLVMValueRef v, int depth) {
  if (LLVMIsAGlobalVariable(v)) {
    LLVMLinkage l = LLVMGetLinkage(v);
    if (l != LLVMInternalLinkage && l != LLVMPrivateLinkage)
      return false;
    LLVMValueRef init = LLVMIsGlobalConstant(v) ? LLVMGetInitializer(v) : NULL;
    return !init || (depth <= 8 && names_internal(init, depth + 1)); // a func value of a literal
  }
  if (LLVMIsAFunction(v)) {
    LLVMLinkage l = LLVMGetLinkage(v);
    return l == LLVMInternalLinkage || l == LLVMPrivateLinkage;
  }
  if (!LLVMIsAConstant(v) || depth > 8)
    return false;
  for (int i = 0, n = LLVMGetNumOperands(v); i < n; i++)
    if (names_internal(LLVMGetOperand(v, (unsigned)i), depth + 1))
      return true;
  return false;
}

static bool small(LLVMValueRef f) {
  int n = 0;
  for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
    for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i)) {
      if (++n > BUNDLE_LIMIT)
        return false;
      for (int k = 0, m = LLVMGetNumOperands(i); k < m; k++)
        if (LLVMGetOperand(i, (unsigned)k) && names_internal(LLVMGetOperand(i, (unsigned)k), 0))
          return false;
    }
  return true;
}

// Wrappers stay calls: recover looks for their frames.
static bool is_wrapper(LLVMValueRef f) {
  const char *section = LLVMGetSection(f);
  return section && !strcmp(section, "goc_wrappers");
}

static bool inlinable(LLVMValueRef f) {
  return !LLVMIsDeclaration(f) && LLVMGetLinkage(f) == LLVMExternalLinkage &&
         !has_attr(f, "noinline") && !is_wrapper(f) && small(f);
}

static void delete_body(LLVMValueRef f) {
  LLVMGlobalClearMetadata(f); // a declaration has no line table
  for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
    for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
      if (LLVMGetTypeKind(LLVMTypeOf(i)) != LLVMVoidTypeKind)
        LLVMReplaceAllUsesWith(i, LLVMGetPoison(LLVMTypeOf(i)));
  for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
    for (LLVMValueRef i; (i = LLVMGetLastInstruction(b));)
      LLVMInstructionEraseFromParent(i);
  for (LLVMBasicBlockRef b; (b = LLVMGetFirstBasicBlock(f));)
    LLVMDeleteBasicBlock(b);
}

static bool local_constant(LLVMValueRef g) {
  LLVMLinkage l = LLVMGetLinkage(g);
  return LLVMIsGlobalConstant(g) && (l == LLVMInternalLinkage || l == LLVMPrivateLinkage);
}

static bool discardable(LLVMValueRef v) {
  LLVMLinkage l = LLVMGetLinkage(v);
  return l == LLVMLinkOnceODRLinkage || l == LLVMLinkOnceAnyLinkage;
}

// What a bundle names must be in its package's object, even if the package itself has inlined the
// last use of it: instances, closures, descriptors.
static void keep_in_object(LLVMModuleRef m, LLVMValueRef named, bool function) {
  const char *name = LLVMGetValueName2(named, &(size_t){0});
  LLVMValueRef v = function ? LLVMGetNamedFunction(m, name) : LLVMGetNamedGlobal(m, name);
  if (v && discardable(v))
    LLVMSetLinkage(v, LLVMWeakODRLinkage);
}

static int strip_functions(LLVMModuleRef c) {
  int kept = 0;
  for (LLVMValueRef f = LLVMGetFirstFunction(c); f; f = LLVMGetNextFunction(f)) {
    if (LLVMIsDeclaration(f))
      continue;
    bool keep = inlinable(f);
    kept += keep;
    if (!keep)
      delete_body(f);
    LLVMSetComdat(f, NULL);
    LLVMSetLinkage(f, keep ? LLVMAvailableExternallyLinkage : LLVMExternalLinkage);
    LLVMSetVisibility(f, LLVMHiddenVisibility);
  }
  return kept;
}

static void strip_globals(LLVMModuleRef c) {
  for (LLVMValueRef g = LLVMGetFirstGlobal(c), next; g; g = next) {
    next = LLVMGetNextGlobal(g);
    if (LLVMIsDeclaration(g) || local_constant(g))
      continue;
    if (!strncmp(LLVMGetValueName2(g, &(size_t){0}), "llvm.", 5)) {
      LLVMDeleteGlobal(g);
      continue;
    }
    LLVMSetInitializer(g, NULL);
    LLVMSetComdat(g, NULL);
    LLVMSetLinkage(g, LLVMExternalLinkage);
    LLVMSetVisibility(g, LLVMHiddenVisibility);
  }
}

// Clones the module, keeps what is inlinable as available_externally, and makes a declaration of
// every other definition but constants that nobody else can name.
LLVMMemoryBufferRef bundle_make(LLVMModuleRef m) {
  LLVMModuleRef c = LLVMCloneModule(m);
  int kept = strip_functions(c);
  strip_globals(c);
  for (LLVMValueRef f = LLVMGetFirstFunction(c); kept && f; f = LLVMGetNextFunction(f))
    if (LLVMIsDeclaration(f) && LLVMGetFirstUse(f))
      keep_in_object(m, f, true);
  for (LLVMValueRef g = LLVMGetFirstGlobal(c); kept && g; g = LLVMGetNextGlobal(g))
    if (LLVMIsDeclaration(g) && LLVMGetFirstUse(g))
      keep_in_object(m, g, false);
  LLVMMemoryBufferRef out = kept ? LLVMWriteBitcodeToMemoryBuffer(c) : NULL;
  LLVMDisposeModule(c);
  return out;
}

// ---- linking them

typedef struct Linking {
  LLVMModuleRef m;
  Map *deps; // package path -> Unit, of every package below this one whose bundle is not linked yet
} Linking;

static const char done; // in deps: it was linked

static void add_imports(Linking *l, const Unit *u) {
  for (int i = 0; i < u->imports.n; i++) {
    Unit *d = u->imports.v[i].unit;
    if (!d || map_get(l->deps, d->path))
      continue;
    map_set(l->deps, d->path, d);
    add_imports(l, d);
  }
}

static bool link_file(LLVMModuleRef m, const char *file) {
  LLVMMemoryBufferRef buf;
  char *message;
  if (LLVMCreateMemoryBufferWithContentsOfFile(file, &buf, &message)) {
    free(message);
    return false;
  }
  LLVMModuleRef b;
  if (LLVMParseBitcodeInContext2(LLVMGetModuleContext(m), buf, &b))
    return false;
  LLVMDisposeMemoryBuffer(buf);
  return !LLVMLinkModules2(m, b);
}

// Links the bundle of the package that symbol is of: the path ends at a dot after its last slash
// ("gopkg.in/yaml.v2.Marshal" has two candidates).
static bool link_package_of(Linking *l, const char *symbol) {
  size_t end = strcspn(symbol, "([");
  size_t slash = 0;
  for (size_t i = 0; i < end; i++)
    if (symbol[i] == '/')
      slash = i;
  for (size_t i = slash; i < end; i++) {
    void *d = symbol[i] == '.' ? map_getn(l->deps, symbol, i) : NULL;
    if (!d || d == &done)
      continue;
    const char *file = job_of(d)->artifact->bundle;
    map_setn(l->deps, symbol, i, (void *)&done);
    return file && link_file(l->m, file);
  }
  return false;
}

void bundle_link(LLVMModuleRef m, Arena *a, const Unit *u) {
  Linking l = {m, map_new(a)};
  add_imports(&l, u);
  // Linking replaces declarations, so the walk over them begins anew after each.
  for (LLVMValueRef f = LLVMGetFirstFunction(m); f;)
    if (LLVMIsDeclaration(f) && LLVMGetFirstUse(f) &&
        link_package_of(&l, LLVMGetValueName2(f, &(size_t){0})))
      f = LLVMGetFirstFunction(m);
    else
      f = LLVMGetNextFunction(f);
}
