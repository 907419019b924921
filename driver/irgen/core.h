// core.h: what the files of irgen's core (module lltype func expr stmt call closure rtcall debug)
// share among themselves alone.
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

const char *rt_by_symbol(const char *symbol); // its cname in runtime.def, or NULL
Values rt_call_go(Fn *f, const char *cname, Sig *sig,
                  Value *args); // calls it with Go's arguments, adapted
bool func_has_body(Object *fn);
TypeList targs_of_recv(Type *recv);

void local_param(Fn *f, Object *var, Value v); // local.c
Place *local_result(Fn *f, Object *var, int i, Type *t);
void func_body(Gen *g, Work *w); // func.c: the body of a Go function or closure
VRef slot_load(Fn *f, VRef slot);
void slot_store(Fn *f, VRef slot, VRef v);
void slot_drop(Fn *f, VRef slot);         // before x = nil: the old value's register is cleared
void saved_registers_drop(Fn *f);         // before runtime.GC: no dead value stays in one
void temp_clear(Fn *f, Type *t, VRef at); // scalars at a temporary that a runtime call has used
VRef build_load(Fn *f, LLVMTypeRef t, VRef p, int64_t align);
void build_store(Fn *f, VRef v, VRef p, int64_t align);
const char *name_suffix(Fn *f, const char *name, const char *suffix, const char *end);
void bind_captures(Fn *f); // closure.c: places of captured variables, from the context
Type **capture_types(Fn *f, FuncInfo *info, int nextra, int *n);
bool is_addressable(Expr *x); // place.c
Place place_path(Fn *f, Expr *x, const int *path, int n);
Value follow_value(Fn *f, Value v, const int *path, int n);
void hoist_place(Fn *f, Expr *x);        // order.c: the operands of a left side
VRef logical_value(Fn *f, Expr *x);      // expr.c: && or ||
bool is_bytes_to_string(Fn *f, Expr *x); // string(b)
bool is_append_of_make(Expr *call);      // append(s, make([]T, n)...)
Value string_operand(
    Fn *f, Expr *x,
    Type *t); // x where the bytes of string(b) do without a copy; t NULL: its own type
Expr *elided_string(Fn *f, Expr *x);  // s of []byte(s) or []rune(s) where it does without the copy
Value *hoisted_value(Fn *f, Expr *x); // what hoist found out, or NULL
void hoist_remember(Fn *f, Expr *x, Values vs); // as if hoisted
void stmt_range(Fn *f, Stmt *s);                // range.c
Object *
callee_object(Fn *f, Expr *fun,
              TypeList *targs); // declared function that an expression names statically, or NULL
Values call_declared(Fn *f, Object *fn, TypeList targs,
                     Value *args); // intrinsics, runtime functions, Go functions
// The receiver of a method call: a value, or an interface, or (late) a place that is loaded after
// the arguments.
typedef struct Receiver {
  bool iface, late;
  Value v; // its type is set when late, too
  Place p;
} Receiver;
Receiver receiver_eval(Fn *f, Expr *x, Selection *s); // closure.c
Receiver receiver_of_place(Fn *f, Place p, const Selection *s);
Receiver receiver_of_value(Fn *f, Value v, const Selection *s);
Value receiver_finish(Fn *f, Receiver *r);
void block_enter(Fn *f, BRef b); // func.c: builds in a block that is in the function already
void local_renew(Fn *f, Object *var);
bool local_make_renewable(Fn *f, Object *var);
bool fn_lang_at_least(Fn *f, int minor); // stmt.c: go1.minor for the file the function is in
void loop_body(Fn *f, Stmt *s, Stmt *body, BRef cont,
               BRef done); // stmt.c: a body with break and continue
void local_capture(Fn *f, Object *var,
                   Value v); // local.c: a variable that the closure has a copy of
Values call_method_of_iface(Fn *f, Value iface, Object *m, Sig *sig,
                            Value *args); // args without the receiver
Sig *iface_sig(Gen *g, Object *m,
               Type *iface); // signature of an interface's method, the receiver one word
Sig *sig_of_func(Gen *g, Object *fn, TypeList targs);
Sig *func_sig(Fn *f, Object *fn, TypeList targs);
TypeList subst_list(Fn *f, Type **v, int n);
#endif
