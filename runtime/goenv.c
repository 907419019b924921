// goenv.c: arguments, environment, versions, processor features for Go code; runs on a system
// stack.
#include "runtime/internal.h"
#include "runtime/rttab.h"

#include <cpuid.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

static void strings(Slice *out, char **v) {
  intgo n = 0;
  while (v && v[n])
    n++;
  String *s = persistentalloc((uintptr_t)(n + 1) * sizeof *s, 16);
  for (intgo i = 0; i < n; i++)
    s[i] = mkstring(v[i]);
  *out = (Slice){s, n, n};
}

// func runtime_args() []string, func runtime_envs() []string: the caller may change the slice's
// elements, so each call makes a new one
void runtime_os_args(Slice *out);
void runtime_os_args(Slice *out) {
  strings(out, rt_argv);
}
void runtime_envs(Slice *out);
void runtime_envs(Slice *out) {
  strings(out, rt_envp);
}

String runtime_gogetenv(const char *key, intgo n);
String runtime_gogetenv(const char *key, intgo n) {
  for (char **e = rt_envp; e && *e; e++)
    if (!strncmp(*e, key, (size_t)n) && (*e)[n] == '=')
      return mkstring(*e + n + 1);
  return (String){NULL, 0};
}

// What the driver may link in: texts.
extern const char goc_goroot[] WEAK, goc_version[] WEAK, goc_modinfo[] WEAK;

String runtime_goroot(void);
String runtime_goroot(void) {
  String env = runtime_gogetenv("GOROOT", 6);
  if (env.len)
    return env;
  if (goc_goroot)
    return mkstring(goc_goroot);
  static const char *const usual[] = {"/usr/lib/go-1.23", "/usr/share/go-1.23", "/usr/local/go"};
  for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
    if (access(usual[i], F_OK) == 0)
      return mkstring(usual[i]);
  return (String){NULL, 0};
}
String runtime_buildversion(void);
String runtime_buildversion(void) {
  return mkstring(goc_version ? goc_version : "go1.23");
}
String runtime_modinfo(void);
String runtime_modinfo(void) {
  return mkstring(goc_modinfo ? goc_modinfo : "");
}

// runtime.getAuxv() []uintptr: pairs, without the end
void runtime_getAuxv(Slice *out);
void runtime_getAuxv(Slice *out) {
  char **e = rt_envp;
  while (e && *e)
    e++;
  uintptr_t *v = (uintptr_t *)(e + 1);
  intgo n = 0;
  while (e && v[n])
    n += 2;
  *out = (Slice){e ? v : NULL, n, n};
}

// cpuid(eaxArg, ecxArg uint32) (eax, ebx, ecx, edx uint32): the out pointer's struct is four uint32
void runtime_cpuid(uint32_t out[4], uint32_t eax, uint32_t ecx);
void runtime_cpuid(uint32_t out[4], uint32_t eax, uint32_t ecx) {
  __cpuid_count(eax, ecx, out[0], out[1], out[2], out[3]);
}
void runtime_xcpuid(uint32_t out[4], uint32_t eax, uint32_t ecx);
void runtime_xcpuid(uint32_t out[4], uint32_t eax, uint32_t ecx) {
  runtime_cpuid(out, eax, ecx);
}

typedef struct Xcr {
  uintptr_t eax, edx;
} Xcr;
Xcr runtime_xgetbv(void);
Xcr runtime_xgetbv(void) {
  uint32_t a, d, b, c;
  __cpuid(1, a, b, c, d);
  if (!(c & 1u << 27)) // OSXSAVE
    return (Xcr){0, 0};
  __asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
  return (Xcr){a, d};
}
Xcr runtime_xxgetbv(void);
Xcr runtime_xxgetbv(void) {
  return runtime_xgetbv();
}
int32_t runtime_amd64level(void);
int32_t runtime_amd64level(void) {
  return 1;
}

void runtime_breakpoint(void);
void runtime_breakpoint(void) {
  __builtin_debugtrap();
}

String runtime_typestring(RType *t);
String runtime_typestring(RType *t) {
  return type_string(t);
}
// The package path of a named type, or of a composite type's own.
String runtime_typepkgpath(RType *t);
String runtime_typepkgpath(RType *t) {
  const uint8_t *name = NULL;
  Uncommon *u = rtype_uncommon(t);
  if (u)
    name = off_ptr(u->pkgpath);
  else if ((t->kind & KIND_MASK) == KIND_STRUCT)
    name = ((StructType *)t)->pkgpath;
  else if ((t->kind & KIND_MASK) == KIND_INTERFACE)
    name = ((InterfaceType *)t)->pkgpath;
  if (!name)
    return (String){NULL, 0};
  String s;
  s.ptr = name_text(name, &s.len);
  return s;
}

// ---- offsets

void *runtime_resolveNameOff(void *base, int32_t off);
void *runtime_resolveNameOff(void *base, int32_t off) {
  (void)base;
  return off_ptr(off);
}
void *runtime_resolveTypeOff(void *base, int32_t off);
void *runtime_resolveTypeOff(void *base, int32_t off) {
  (void)base;
  return off == -1 ? NULL : off_ptr(off);
}
void *runtime_lite_resolveNameOff(void *base, int32_t off);
void *runtime_lite_resolveNameOff(void *base, int32_t off) {
  return runtime_resolveNameOff(base, off);
}
void *runtime_lite_resolveTypeOff(void *base, int32_t off);
void *runtime_lite_resolveTypeOff(void *base, int32_t off) {
  return runtime_resolveTypeOff(base, off);
}
static void unreachable_method(void) {
  throw("call of a method that the linker dropped");
}
void *runtime_resolveTextOff(void *base, int32_t off);
void *runtime_resolveTextOff(void *base, int32_t off) {
  (void)base;
  return off == -1 ? (void *)unreachable_method : off_ptr(off);
}
