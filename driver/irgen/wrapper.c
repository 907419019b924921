// wrapper.c: the code behind method tables: wrappers for value methods called through pointers and
// for promoted methods; the layout strings that stand before functions, which tell reflectcall how
// to unpack a memory frame (runtime.h, Layout).
//
// A method table wants two forms of a method: called with one word (the pointer in an interface's
// data word, or the pointer-shaped value itself), and with the receiver flattened. A value method
// of a type that is not pointer-shaped has its word form in (*T).M, made here.
#include "driver/irgen/core.h"
#include "driver/irgen/gen.h"
#include "runtime/runtime.h"
#include <string.h>

// ---- layout strings

static uint32_t step(int64_t offset, int kind) {
  return (uint32_t)(offset & 0xffffff) | (uint32_t)kind << 24;
}

static int layout_kind(ScalarKind k, bool sign) {
  switch (k) {
  case SC_BOOL: return LAYOUT_BOOL;
  case SC_I8: return sign ? LAYOUT_I8 : LAYOUT_U8;
  case SC_I16: return sign ? LAYOUT_I16 : LAYOUT_U16;
  case SC_I32: return sign ? LAYOUT_I32 : LAYOUT_U32;
  case SC_F32: return LAYOUT_F32;
  case SC_F64: return LAYOUT_F64;
  default: return LAYOUT_WORD;
  }
}

typedef VEC(uint32_t) Steps;

static int64_t round_up(int64_t n, int64_t align) {
  return (n + align - 1) & -align;
}

// Appends the steps of a value of type t in the frame at *at, which moves behind it.
static void add_steps(Gen *g, Steps *s, Type *t, int64_t *at) {
  const Flat *fl = flat_of(g, t);
  *at = round_up(*at, fl->align ? fl->align : 1);
  if (fl->mem)
    vec_push(g->arena, s, step(*at, LAYOUT_REF));
  for (int i = 0; i < fl->n; i++)
    vec_push(g->arena, s, step(*at + fl->off[i], layout_kind(fl->kind[i], fl->sign[i])));
  *at += fl->size;
}

VRef layout_string(Gen *g, Sig *sig) {
  Steps args = {0}, rets = {0}, none = {0};
  int64_t at = 0, out = sig->out ? 1 : 0;
  if (out)
    vec_push(g->arena, &args, 0);
  for (int i = 0; i < sig->nparams; i++)
    add_steps(g, &args, sig->params[i], &at);
  Layout l = {.argsize = (uint32_t)at};
  at = round_up(at, 8);
  l.retoffset = (uint32_t)at;
  for (int i = 0; i < sig->nresults; i++)
    add_steps(g, out ? &none : &rets, sig->results[i], &at);
  l.framesize = (uint32_t)round_up(at, 8);
  if (out)
    args.v[0] = step(l.retoffset, LAYOUT_OUT);
  l.nargs = (uint16_t)args.n;
  l.nrets = (uint16_t)rets.n;
  Buf b = {0};
  buf_write(&b, &l, sizeof l);
  buf_write(&b, args.v, sizeof(uint32_t) * (size_t)args.n);
  buf_write(&b, rets.v, sizeof(uint32_t) * (size_t)rets.n);
  VRef v = const_bytes(g, b.data, b.len, "go:layout");
  if (LLVMGetAlignment(v) < 4)
    LLVMSetAlignment(v, 4);
  buf_free(&b);
  return v;
}

// All ones: every parameter of the method may leak; what is better known, the pass writes.
enum { ALL_LEAK = -1 };

void set_prefix(Gen *g, VRef fn, Sig *sig) {
  VRef words[] = {LLVMConstPtrToInt(layout_string(g, sig), g->i32),
                  LLVMConstInt(g->i32, (unsigned long long)ALL_LEAK, 1)};
  LLVMSetPrefixData(fn, LLVMConstStructInContext(g->ctx, words, 2, 0));
}

// ---- calling through embedding

static bool is_pointer(Type *t) {
  return t->kind == TYPE_POINTER;
}

static Place place_behind(Fn *f, Value p) {
  Place pl = place_mem(p.type->pointer.elem, p.v[0]);
  pl.nilcheck = true;
  pl.pos = f->pos;
  return pl;
}

// The receiver of sel's method within v: walks the embedded fields as values until a pointer is
// met, then in memory.
static Receiver select_receiver(Fn *f, Value v, const Selection *sel) {
  int i = 0;
  for (; i < sel->npath && !is_pointer(v.type); i++)
    v = value_field(f, v, sel->path[i]);
  if (i == sel->npath && (!is_pointer(v.type) || sel->obj->func.ptr_recv)) {
    if (is_interface(v.type) || is_pointer(v.type) || !sel->obj->func.ptr_recv)
      return (Receiver){.iface = is_interface(v.type), .v = v};
    return (Receiver){.v = value_scalar(type_pointer(v.type), value_addr(f, v))};
  }
  Place p = place_behind(f, v);
  for (; i < sel->npath; i++) {
    if (is_pointer(p.type))
      p = place_behind(f, place_load(f, &p));
    p = place_field(f, p, sel->path[i]);
  }
  return receiver_of_place(f, p, sel);
}

Values call_selected(Fn *f, Value recv, const Selection *sel, Value *args) {
  Receiver r = select_receiver(f, recv, sel);
  Value v = receiver_finish(f, &r);
  if (r.iface)
    return call_method_of_iface(f, v, sel->obj, iface_sig(f->g, sel->obj, v.type), args);
  Sig *sig = sig_of_func(f->g, sel->obj, targs_of_recv(v.type));
  Value *all = NEW_ARRAY(f->arena, Value, sig->nparams + 1);
  all[0] = v;
  for (int i = 1; i < sig->nparams; i++)
    all[i] = args[i - 1];
  return call_declared(f, sel->obj, targs_of_recv(v.type), all);
}

// ---- wrappers

typedef struct Wrapper {
  VRef fn;
  const char *symbol, *goname;
  Type *recv; // of the wrapper
  const MethodSetEntry *m;
  Sig *sig;
} Wrapper;

// "main.T" and "M" to "main.T.M" or "main.(*T).M"; types without a name as they are.
static const char *wrapper_symbol(Gen *g, Type *recv, Object *m) {
  bool ptr = is_pointer(recv);
  Type *base = ptr ? recv->pointer.elem : recv;
  const char *link = type_linkstring(base), *method = m->name;
  Package *pkg = base->kind == TYPE_NAMED ? base->named.obj->pkg : NULL;
  if (!is_exported(m->name) && m->pkg && m->pkg != pkg)
    method = atom_printf("%s.%s", m->pkg->path, m->name);
  size_t n = pkg ? strlen(pkg->path) : 0;
  if (pkg && !strncmp(link, pkg->path, n) && link[n] == '.')
    return sym_escape(
        atom_printf(ptr ? "%.*s.(*%s).%s" : "%.*s.%s.%s", (int)n, link, link + n + 1, method));
  (void)g;
  return sym_escape(atom_printf(ptr ? "go.(*%s).%s" : "go.(%s).%s", link, method));
}

// A value method through a nil pointer: Go names the method.
static void check_panicwrap(Fn *f, Value recv, Object *m) {
  Type *base = recv.type->pointer.elem;
  Package *pkg = base->kind == TYPE_NAMED ? base->named.obj->pkg : NULL;
  const char *path = pkg ? pkg->path : "", *name = type_name_of(base);
  Value s[] = {string_const(f->g, path, strlen(path), t_basic[TYPE_STRING]),
               string_const(f->g, name, strlen(name), t_basic[TYPE_STRING]),
               string_const(f->g, m->name, strlen(m->name), t_basic[TYPE_STRING])};
  VRef args[] = {s[0].v[0], s[0].v[1], s[1].v[0], s[1].v[1], s[2].v[0], s[2].v[1]};
  panic_if(f, LLVMBuildICmp(f->b, LLVMIntEQ, recv.v[0], const_null(f->g), ""), "panicwrap", args,
           6);
}

static void make_wrapper(Gen *g, void *arg) {
  Wrapper *w = arg;
  Value *params;
  Fn *f = fn_begin_in(g, w->fn, w->symbol, w->goname, w->sig, FN_WRAPPER | FN_LINKONCE,
                      w->m->fn->pos, &params);
  if (is_pointer(w->recv) && w->m->sel.npath == 0 && !w->m->fn->func.ptr_recv)
    check_panicwrap(f, params[0], w->m->fn);
  Values vs = call_selected(f, params[0], &w->m->sel, params + 1);
  fn_return(f, vs.v, vs.n);
  fn_finish(f);
}

static VRef wrapper(Gen *g, Type *recv, const MethodSetEntry *m) {
  const char *symbol = wrapper_symbol(g, recv, m->fn);
  VRef fn = map_get(g->funcs, symbol);
  if (fn)
    return fn;
  Wrapper *w = NEW(g->arena, Wrapper);
  *w = (Wrapper){NULL, symbol, symbol, recv, m, sig_of(g, m->fn->type, recv)};
  w->fn = fn_declare(g, symbol, w->sig, FN_WRAPPER | FN_LINKONCE);
  Work work = {.kind = WORK_CALLBACK, .symbol = symbol, .make = make_wrapper, .arg = w};
  work_add(g, &work);
  return w->fn;
}

VRef method_code(Gen *g, Type *recv, const MethodSetEntry *m, bool word) {
  if (!is_pointer(recv) && word && !is_pointer_shaped(recv))
    return wrapper_for(g, type_pointer(recv), m->fn);
  if (m->sel.npath == 0 && is_pointer(recv) == m->fn->func.ptr_recv)
    return method_ref(g, recv, m->fn);
  return wrapper(g, recv, m);
}

// (*T).M for the method m of T.
VRef wrapper_for(Gen *g, Type *ptr, Object *m) {
  return method_code(g, ptr, method_entry(ptr, m), true);
}

const char *type_name_of(Type *t) {
  return t->kind == TYPE_NAMED           ? t->named.obj->name
         : t->kind <= TYPE_UNSAFEPOINTER ? t->basic.name
                                         : type_string(t, NULL);
}
