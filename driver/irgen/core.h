// core.h: what the files of irgen's core (module lltype func expr stmt call closure rtcall debug) share among themselves alone.
#ifndef GOC_IRGEN_CORE_H
#define GOC_IRGEN_CORE_H

#include "driver/irgen/gen.h"

// A function without a Go body that is made from instructions or a call of the runtime (module.c).
typedef struct Adapter {
  VRef fn;
  const char *symbol, *rt; // rt: cname in runtime.def, NULL for an intrinsic
  Object *obj;
  Sig *sig;
} Adapter;

const char *rt_by_symbol(const char *symbol);                          // its cname in runtime.def, or NULL
Values rt_call_go(Fn *f, const char *cname, Sig *sig, Value *args);    // calls it with Go's arguments, adapted
bool func_has_body(Object *fn);
TypeList targs_of_recv(Type *recv);

void func_body(Gen *g, Work *w);                                       // func.c: the body of a Go function or closure
VRef slot_load(Fn *f, VRef slot);
void slot_store(Fn *f, VRef slot, VRef v);
VRef build_load(Fn *f, LLVMTypeRef t, VRef p, int64_t align);
void build_store(Fn *f, VRef v, VRef p, int64_t align);
const char *name_suffix(Fn *f, const char *name, const char *suffix, const char *end);
void bind_captures(Fn *f);                                             // closure.c: places of captured variables, from the context
Type **capture_types(Fn *f, FuncInfo *info, int nextra, int *n);
VRef hoisted_get(Fn *f, Expr *x, Values **vs);
void stmt_range(Fn *f, Stmt *s);                                       // range.c
Object *callee_object(Fn *f, Expr *fun, TypeList *targs);              // declared function that an expression names statically, or NULL
Values call_declared(Fn *f, Object *fn, TypeList targs, Value *args);  // intrinsics, runtime functions, Go functions
Sig *func_sig(Fn *f, Object *fn, TypeList targs);
TypeList subst_list(Fn *f, Type **v, int n);
#endif
