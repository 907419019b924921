// builtin.c: calls of the predeclared functions and of those of package unsafe.
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <string.h>

#define TS(t)   type_string((t), c->env.pkg)
#define OS(x)   check_operand_string(c, (x))
#define INVALID t_basic[TYPE_INVALID]

static const struct {
  const char *name;
  int nargs;
  bool variadic;
  ExprClass class;
} builtins[] = {
    [BUILTIN_APPEND] = {"append", 1, true, CLASS_EXPRESSION},
    [BUILTIN_CAP] = {"cap", 1, false, CLASS_EXPRESSION},
    [BUILTIN_CLEAR] = {"clear", 1, false, CLASS_STATEMENT},
    [BUILTIN_CLOSE] = {"close", 1, false, CLASS_STATEMENT},
    [BUILTIN_COMPLEX] = {"complex", 2, false, CLASS_EXPRESSION},
    [BUILTIN_COPY] = {"copy", 2, false, CLASS_STATEMENT},
    [BUILTIN_DELETE] = {"delete", 2, false, CLASS_STATEMENT},
    [BUILTIN_IMAG] = {"imag", 1, false, CLASS_EXPRESSION},
    [BUILTIN_LEN] = {"len", 1, false, CLASS_EXPRESSION},
    [BUILTIN_MAKE] = {"make", 1, true, CLASS_EXPRESSION},
    [BUILTIN_MAX] = {"max", 1, true, CLASS_EXPRESSION},
    [BUILTIN_MIN] = {"min", 1, true, CLASS_EXPRESSION},
    [BUILTIN_NEW] = {"new", 1, false, CLASS_EXPRESSION},
    [BUILTIN_PANIC] = {"panic", 1, false, CLASS_STATEMENT},
    [BUILTIN_PRINT] = {"print", 0, true, CLASS_STATEMENT},
    [BUILTIN_PRINTLN] = {"println", 0, true, CLASS_STATEMENT},
    [BUILTIN_REAL] = {"real", 1, false, CLASS_EXPRESSION},
    [BUILTIN_RECOVER] = {"recover", 0, false, CLASS_STATEMENT},
    [BUILTIN_UNSAFE_ADD] = {"Add", 2, false, CLASS_EXPRESSION},
    [BUILTIN_UNSAFE_ALIGNOF] = {"Alignof", 1, false, CLASS_EXPRESSION},
    [BUILTIN_UNSAFE_OFFSETOF] = {"Offsetof", 1, false, CLASS_EXPRESSION},
    [BUILTIN_UNSAFE_SIZEOF] = {"Sizeof", 1, false, CLASS_EXPRESSION},
    [BUILTIN_UNSAFE_SLICE] = {"Slice", 2, false, CLASS_EXPRESSION},
    [BUILTIN_UNSAFE_SLICEDATA] = {"SliceData", 1, false, CLASS_EXPRESSION},
    [BUILTIN_UNSAFE_STRING] = {"String", 2, false, CLASS_EXPRESSION},
    [BUILTIN_UNSAFE_STRINGDATA] = {"StringData", 1, false, CLASS_EXPRESSION},
};

ExprClass check_builtin_class(BuiltinId id) {
  return builtins[id].class;
}
const char *check_builtin_name(BuiltinId id) {
  return builtins[id].name;
}

typedef struct Args {
  Operand *v;
  int n;
} Args;

static Pos at(Operand *x) {
  return expr_start(x->expr);
}

static bool value(Operand *x, Type *t) {
  x->mode = MODE_VALUE;
  x->type = t;
  x->val = NULL;
  return true;
}

static bool no_value(Operand *x) {
  x->mode = MODE_NOVALUE;
  return true;
}

// ---- append, copy

static bool append_not_slice(Checker *c, Operand *x) {
  const char *cause;
  if (x->mode == MODE_NIL) {
    cause = "have untyped nil";
  } else if (is_typeparam(x->type)) {
    Type *u = core_type(x->type);
    cause = u ? atom_printf("%s has core type %s", OS(x), TS(u))
              : atom_printf("%s has no core type", OS(x));
  } else {
    cause = atom_printf("have %s", OS(x));
  }
  check_error(c, at(x), "first argument to append must be a slice; %s", cause);
  return false;
}

static bool builtin_append(Checker *c, Operand *x, Expr *call, Args *args) {
  Type *s = x->type, *u = x->mode == MODE_NIL ? NULL : core_type(s);
  if (!u || u->kind != TYPE_SLICE)
    return append_not_slice(c, x);
  if (args->n == 2 && call->call.dots && check_assignable(c, x, type_slice(t_byte), NULL)) {
    Operand *y = &args->v[1];
    Type *t = y->mode == MODE_NIL ? NULL : core_string(y->type);
    if (t && is_string(t)) {
      check_finish_untyped(c, y);
      return value(x, s);
    }
  }
  Type *sig = type_new(TYPE_FUNC);
  sig->func.variadic = true;
  vec_push(c->arena, &sig->func.params, object_new(OBJ_VAR, NOPOS, NULL, atom(""), s));
  vec_push(c->arena, &sig->func.params,
           object_new(OBJ_VAR, NOPOS, NULL, atom(""), type_slice(u->slice.elem)));
  CallArgs a = {NEW_ARRAY(c->arena, Operand *, args->n), args->n, NULL};
  for (int i = 0; i < args->n; i++)
    a.args[i] = &args->v[i];
  check_arguments(c, call, sig, (TypeList){0}, NULL, &a);
  return value(x, s);
}

static bool builtin_copy(Checker *c, Operand *x, Args *args) {
  Operand *y = &args->v[1];
  Type *dst = x->mode == MODE_NIL ? NULL : core_type(x->type);
  Type *src = y->mode == MODE_NIL ? NULL : core_string(y->type);
  if (src && is_string(src)) {
    check_finish_untyped(c, y);
    src = type_slice(t_byte);
  }
  if (!dst || dst->kind != TYPE_SLICE || !src || src->kind != TYPE_SLICE) {
    check_error(c, at(x), "invalid argument: copy expects slice arguments; found %s and %s", OS(x),
                OS(y));
    return false;
  }
  if (!types_identical(dst->slice.elem, src->slice.elem)) {
    check_error(
        c, at(x),
        "invalid argument: arguments to copy %s and %s have different element types %s and %s",
        OS(x), OS(y), TS(dst->slice.elem), TS(src->slice.elem));
    return false;
  }
  return value(x, t_basic[TYPE_INT]);
}

// ---- len, cap

static Type *array_ptr_deref(Type *t) {
  if (t && t->kind == TYPE_POINTER) {
    Type *a = under(t->pointer.elem);
    if (a->kind == TYPE_ARRAY)
      return a;
  }
  return t;
}

static bool has_length(BuiltinId id, Type *u) {
  u = array_ptr_deref(u);
  if (!u)
    return false;
  switch (u->kind) {
  case TYPE_STRING:
  case TYPE_UNTYPED_STRING:
  case TYPE_MAP: return id == BUILTIN_LEN;
  case TYPE_ARRAY:
  case TYPE_SLICE:
  case TYPE_CHAN: return true;
  default: return false;
  }
}

static bool has_length_term(void *ctx, Type *u) {
  return has_length(*(BuiltinId *)ctx, u);
}

static bool builtin_len(Checker *c, Operand *x, BuiltinId id) {
  if (x->mode == MODE_NIL || !check_under_is(x->type, has_length_term, &id)) {
    if (under(x->type)->kind != TYPE_INVALID)
      check_error(c, at(x), "invalid argument: %s for built-in %s", OS(x), builtins[id].name);
    return false;
  }
  Type *u = is_typeparam(x->type) ? NULL : array_ptr_deref(under(x->type));
  if (x->mode == MODE_CONST && u && is_string(u)) {
    size_t n = 0;
    if (const_kind(x->val) == CONST_STRING)
      const_stringval(x->val, &n);
    x->val = const_int((int64_t)n);
    x->type = t_basic[TYPE_INT];
    return true;
  }
  if (u && u->kind == TYPE_ARRAY && !c->env.has_call) {
    x->mode = MODE_CONST;
    x->val = u->array.len >= 0 ? const_int(u->array.len) : check_unknown();
    x->type = t_basic[TYPE_INT];
    return true;
  }
  return value(x, t_basic[TYPE_INT]);
}

// ---- clear, close, delete

typedef struct TermCtx {
  Checker *c;
  Operand *x;
  Type *key;
} TermCtx;

static bool clear_term(void *ctx, Type *u) {
  TermCtx *k = ctx;
  Checker *c = k->c;
  if (u && (u->kind == TYPE_MAP || u->kind == TYPE_SLICE))
    return true;
  check_error(
      c, at(k->x),
      "invalid argument: cannot clear %s: argument must be (or constrained by) map or slice",
      OS(k->x));
  return false;
}

static bool close_term(void *ctx, Type *u) {
  TermCtx *k = ctx;
  Checker *c = k->c;
  if (u && u->kind == TYPE_CHAN && u->chan.dir != CHAN_RECV)
    return true;
  if (u && u->kind == TYPE_CHAN)
    check_error(c, at(k->x), "invalid operation: cannot close receive-only channel %s", OS(k->x));
  else
    check_error(c, at(k->x), "invalid operation: cannot close non-channel %s", OS(k->x));
  return false;
}

static bool delete_term(void *ctx, Type *u) {
  TermCtx *k = ctx;
  Checker *c = k->c;
  if (!u || u->kind != TYPE_MAP) {
    check_error(c, at(k->x), "invalid argument: %s is not a map", OS(k->x));
    return false;
  }
  if (k->key && !types_identical(u->map.key, k->key)) {
    check_error(c, at(k->x), "invalid argument: maps of %s must have identical key types",
                OS(k->x));
    return false;
  }
  k->key = u->map.key;
  return true;
}

static bool builtin_delete(Checker *c, Operand *x, Args *args) {
  TermCtx k = {c, x, NULL};
  if (!check_under_is(x->type, delete_term, &k))
    return false;
  *x = args->v[1];
  check_assignment(c, x, k.key, "argument to delete");
  return x->mode != MODE_INVALID && no_value(x);
}

// ---- complex, real, imag

static Type *complex_of(Type *t) {
  switch (under(t)->kind) {
  case TYPE_FLOAT32: return t_basic[TYPE_COMPLEX64];
  case TYPE_FLOAT64: return t_basic[TYPE_COMPLEX128];
  case TYPE_UNTYPED_FLOAT: return t_basic[TYPE_UNTYPED_COMPLEX];
  default: return NULL;
  }
}

static Type *part_of(Type *t) {
  switch (under(t)->kind) {
  case TYPE_COMPLEX64: return t_basic[TYPE_FLOAT32];
  case TYPE_COMPLEX128: return t_basic[TYPE_FLOAT64];
  case TYPE_UNTYPED_COMPLEX: return t_basic[TYPE_UNTYPED_FLOAT];
  default: return NULL;
  }
}

typedef struct FuncOfType {
  Type *(*f)(Type *);
} FuncOfType;

static bool func_of_term(void *ctx, Type *u) {
  return u && ((FuncOfType *)ctx)->f(u);
}

// f of x's type. For a type parameter the result would be a new one; gc does not support that
// either.
static Type *apply_type_func(Checker *c, Type *(*f)(Type *), Operand *x, BuiltinId id) {
  if (!is_typeparam(x->type))
    return f(x->type);
  FuncOfType k = {f};
  if (!check_under_is(x->type, func_of_term, &k))
    return NULL;
  check_error(c, at(x),
              "%s not supported as argument to built-in %s for go1.18 (see go.dev/issue/50937)",
              OS(x), builtins[id].name);
  return INVALID;
}

static void to_untyped_float(Operand *x) {
  if (is_numeric(x->type) && const_sign(const_imag(x->val)) == 0)
    x->type = t_basic[TYPE_UNTYPED_FLOAT];
}

static bool builtin_complex(Checker *c, Operand *x, Expr *call, Args *args) {
  Operand *y = &args->v[1];
  bool ux = is_untyped(x->type), uy = is_untyped(y->type);
  if (ux && !uy) {
    check_convert_untyped(c, x, y->type);
  } else if (uy && !ux) {
    check_convert_untyped(c, y, x->type);
  } else if (ux && uy) {
    if (x->mode == MODE_CONST && y->mode == MODE_CONST) {
      to_untyped_float(x);
      to_untyped_float(y);
    } else {
      check_convert_untyped(c, x, t_basic[TYPE_FLOAT64]);
      check_convert_untyped(c, y, t_basic[TYPE_FLOAT64]);
    }
  }
  if (x->mode == MODE_INVALID || y->mode == MODE_INVALID)
    return false;
  if (!types_identical(x->type, y->type)) {
    check_error(c, at(x), "invalid operation: %s (mismatched types %s and %s)", expr_string(call),
                TS(x->type), TS(y->type));
    return false;
  }
  Type *t = apply_type_func(c, complex_of, x, BUILTIN_COMPLEX);
  if (!t) {
    check_error(c, at(x), "invalid argument: arguments have type %s, expected floating-point",
                TS(x->type));
    return false;
  }
  if (t == INVALID)
    return false;
  if (x->mode == MODE_CONST && y->mode == MODE_CONST) {
    if (const_kind(x->val) != CONST_UNKNOWN && const_kind(y->val) != CONST_UNKNOWN)
      x->val = const_make_complex(const_to_float(x->val), const_to_float(y->val));
    x->type = t;
    return true;
  }
  return value(x, t);
}

static bool builtin_part(Checker *c, Operand *x, BuiltinId id) {
  if (is_untyped(x->type)) {
    if (x->mode == MODE_CONST) {
      if (is_numeric(x->type))
        x->type = t_basic[TYPE_UNTYPED_COMPLEX];
    } else {
      check_convert_untyped(c, x, t_basic[TYPE_COMPLEX128]);
      if (x->mode == MODE_INVALID)
        return false;
    }
  }
  Type *t = apply_type_func(c, part_of, x, id);
  if (!t) {
    check_error(c, at(x), "invalid argument: argument has type %s, expected complex type",
                TS(x->type));
    return false;
  }
  if (t == INVALID)
    return false;
  if (x->mode != MODE_CONST)
    return value(x, t);
  if (const_kind(x->val) != CONST_UNKNOWN)
    x->val = id == BUILTIN_REAL ? const_real(x->val) : const_imag(x->val);
  x->type = t;
  return true;
}

// ---- make, new

static bool builtin_make(Checker *c, Operand *x, Expr *call) {
  ExprList *l = &call->call.args;
  Expr *arg0 = l->v[0];
  Type *t = check_var_type(c, arg0);
  if (t == INVALID)
    return false;
  Type *u = core_type(t);
  int min = !u                                            ? 0
            : u->kind == TYPE_SLICE                       ? 2
            : u->kind == TYPE_MAP || u->kind == TYPE_CHAN ? 1
                                                          : 0;
  if (!min) {
    check_error(c, expr_start(arg0),
                u ? "invalid argument: cannot make %s; type must be slice, map, or channel"
                  : "invalid argument: cannot make %s: no core type",
                expr_string(arg0));
    return false;
  }
  if (l->n < min || min + 1 < l->n) {
    check_error(c, expr_start(call), "invalid operation: %s expects %d or %d arguments; found %d",
                expr_string(call), min, min + 1, l->n);
    return false;
  }
  int64_t sizes[2];
  int n = 0;
  for (int i = 1; i < l->n; i++) {
    int64_t size;
    check_index(c, l->v[i], -1, &size);
    if (size >= 0 && n < 2)
      sizes[n++] = size;
  }
  if (n == 2 && sizes[0] > sizes[1])
    check_error(c, expr_start(l->v[1]), "invalid argument: length and capacity swapped");
  return value(x, t);
}

static bool builtin_new(Checker *c, Operand *x, Expr *call) {
  Type *t = check_var_type(c, call->call.args.v[0]);
  return t != INVALID && value(x, type_pointer(t));
}

// ---- min, max

static bool min_max_operand(Checker *c, Operand *x, Operand *a, BuiltinId id) {
  check_match_types(c, x, a);
  if (x->mode == MODE_INVALID)
    return false;
  if (!types_identical(x->type, a->type)) {
    check_error(c, at(a),
                "invalid argument: mismatched types %s (previous argument) and %s (type of %s)",
                TS(x->type), TS(a->type), expr_string(a->expr));
    return false;
  }
  if (x->mode == MODE_CONST && a->mode == MODE_CONST) {
    if (const_compare(id == BUILTIN_MAX ? TOK_GTR : TOK_LSS, a->val, x->val))
      *x = *a;
  } else {
    x->mode = MODE_VALUE;
  }
  return true;
}

static bool builtin_min_max(Checker *c, Operand *x, Expr *call, Args *args, BuiltinId id) {
  check_lang(c, expr_start(call->call.fun), 21, atom_printf("built-in %s", builtins[id].name));
  for (int i = 0; i < args->n; i++) {
    Operand *a = &args->v[i];
    if (!is_ordered(a->type)) {
      check_error(c, at(a), "invalid argument: %s cannot be ordered", OS(a));
      return false;
    }
    if (i > 0 && !min_max_operand(c, x, a, id))
      return false;
  }
  if (x->mode != MODE_CONST) {
    x->mode = MODE_VALUE;
    check_assignment(c, x, t_emptyiface, atom_printf("argument to built-in %s", builtins[id].name));
    if (x->mode == MODE_INVALID)
      return false;
  }
  for (int i = 0; i < args->n; i++)
    check_update_expr_type(c, args->v[i].expr, x->type, true);
  return true;
}

// ---- panic, print, recover

static bool builtin_print(Checker *c, Operand *x, Args *args, BuiltinId id) {
  for (int i = 0; i < args->n; i++) {
    check_assignment(c, &args->v[i], NULL,
                     atom_printf("argument to built-in%s", builtins[id].name));
    if (args->v[i].mode == MODE_INVALID)
      return false;
  }
  return no_value(x);
}

static bool builtin_panic(Checker *c, Operand *x) {
  check_assignment(c, x, t_emptyiface, "argument to panic");
  return x->mode != MODE_INVALID && no_value(x);
}

static bool builtin_recover(Checker *c, Operand *x) {
  for (FuncInfo *fi = c->env.func; fi; fi = fi->range ? fi->outer : NULL)
    fi->has_recover = true;
  return value(x, t_emptyiface);
}

// ---- unsafe

enum { MAX_SIZE_DEPTH = 1000 };

// Whether a type's size depends on type parameters.
static bool has_var_size(Type *t, int depth) {
  Type *u = under(t);
  if (depth > MAX_SIZE_DEPTH)
    return false;
  switch (u->kind) {
  case TYPE_ARRAY: return has_var_size(u->array.elem, depth + 1);
  case TYPE_STRUCT:
    for (int i = 0; i < u->strct.fields.n; i++)
      if (has_var_size(u->strct.fields.v[i]->type, depth + 1))
        return true;
    return false;
  case TYPE_INTERFACE: return is_typeparam(t);
  default: return false;
  }
}

static bool sizeable(Checker *c, Type *t) {
  check_valid_type(c, t);
  return under(t)->kind != TYPE_INVALID;
}

static bool const_uintptr(Operand *x, int64_t v) {
  x->mode = MODE_CONST;
  x->val = const_int(v);
  x->type = t_basic[TYPE_UINTPTR];
  return true;
}

static bool builtin_sizeof(Checker *c, Operand *x, BuiltinId id) {
  check_assignment(c, x, NULL,
                   id == BUILTIN_UNSAFE_SIZEOF ? "argument to unsafe.Sizeof"
                                               : "argument to unsafe.Alignof");
  if (x->mode == MODE_INVALID || !sizeable(c, x->type))
    return false;
  if (has_var_size(x->type, 0))
    return value(x, t_basic[TYPE_UINTPTR]);
  if (id == BUILTIN_UNSAFE_ALIGNOF)
    return const_uintptr(x, type_align(x->type));
  if (type_too_large(x->type)) {
    check_error(c, at(x), "%s is too large", OS(x));
    return false;
  }
  return const_uintptr(x, type_size(x->type));
}

static int64_t selection_offset(Type *base, Selection *s) {
  int64_t off = 0;
  Type *t = base;
  for (int i = 0; i < s->npath; i++) {
    Type *u = under(t);
    off += field_offset(u, s->path[i]);
    t = u->strct.fields.v[s->path[i]]->type;
  }
  return off;
}

static bool builtin_offsetof(Checker *c, Operand *x, Expr *call) {
  Expr *arg = call->call.args.v[0], *selx = unparen(arg);
  if (selx->kind != EXPR_SELECTOR) {
    check_error(c, expr_start(arg), "invalid argument: %s is not a selector expression",
                expr_string(arg));
    check_use_expr(c, arg, false);
    return false;
  }
  check_expr(c, NULL, x, selx->selector.x);
  if (x->mode == MODE_INVALID)
    return false;
  Type *base = x->type, *u = under(base);
  if (u->kind == TYPE_POINTER && under(u->pointer.elem)->kind == TYPE_STRUCT)
    base = u->pointer.elem;
  Atom sel = selx->selector.sel->name.id;
  Selection *s = NEW(c->arena, Selection);
  LookupResult r = lookup_field_or_method(base, false, c->env.pkg, sel, s);
  if (r != LOOKUP_OK && r != LOOKUP_PTRRECV) {
    check_error(c, at(x), "invalid argument: %s has no single field %s", TS(base), sel);
    return false;
  }
  if (r == LOOKUP_PTRRECV || s->obj->kind == OBJ_FUNC) {
    check_error(c, expr_start(arg), "invalid argument: %s is a method value", expr_string(arg));
    return false;
  }
  if (s->indirect) {
    check_error(c, at(x), "invalid argument: field %s is embedded via a pointer in %s", sel,
                TS(base));
    return false;
  }
  s->kind = SEL_FIELD;
  s->recv = base;
  selx->selector.selection = s;
  selx->selector.sel->name.obj = s->obj;
  check_record_type(selx, x->mode == MODE_VAR ? MODE_VAR : MODE_VALUE, s->obj->type, NULL);
  if (!sizeable(c, base))
    return false;
  if (has_var_size(base, 0))
    return value(x, t_basic[TYPE_UINTPTR]);
  if (type_too_large(base)) {
    check_error(c, at(x), "%s is too large", OS(x));
    return false;
  }
  return const_uintptr(x, selection_offset(base, s));
}

static bool builtin_add(Checker *c, Operand *x, Expr *call, Args *args) {
  check_lang(c, expr_start(call->call.fun), 17, "unsafe.Add");
  check_assignment(c, x, t_basic[TYPE_UNSAFEPOINTER], "argument to unsafe.Add");
  return x->mode != MODE_INVALID && check_valid_index(c, &args->v[1], "length", true) &&
         value(x, t_basic[TYPE_UNSAFEPOINTER]);
}

static bool builtin_slice(Checker *c, Operand *x, Expr *call, Args *args) {
  check_lang(c, expr_start(call->call.fun), 17, "unsafe.Slice");
  Type *p = x->mode == MODE_NIL ? NULL : core_type(x->type);
  if (!p || p->kind != TYPE_POINTER) {
    check_error(c, at(x), "invalid argument: %s is not a pointer", OS(x));
    return false;
  }
  return check_valid_index(c, &args->v[1], "length", false) &&
         value(x, type_slice(p->pointer.elem));
}

static bool builtin_slicedata(Checker *c, Operand *x, Expr *call) {
  check_lang(c, expr_start(call->call.fun), 20, "unsafe.SliceData");
  Type *s = x->mode == MODE_NIL ? NULL : core_type(x->type);
  if (!s || s->kind != TYPE_SLICE) {
    check_error(c, at(x), "invalid argument: %s is not a slice", OS(x));
    return false;
  }
  return value(x, type_pointer(s->slice.elem));
}

static bool builtin_string(Checker *c, Operand *x, Expr *call, Args *args) {
  check_lang(c, expr_start(call->call.fun), 20, "unsafe.String");
  check_assignment(c, x, type_pointer(t_byte), "argument to unsafe.String");
  return x->mode != MODE_INVALID && check_valid_index(c, &args->v[1], "length", false) &&
         value(x, t_basic[TYPE_STRING]);
}

static bool builtin_stringdata(Checker *c, Operand *x, Expr *call) {
  check_lang(c, expr_start(call->call.fun), 20, "unsafe.StringData");
  check_assignment(c, x, t_basic[TYPE_STRING], "argument to unsafe.StringData");
  return x->mode != MODE_INVALID && value(x, type_pointer(t_byte));
}

// ---- all

static bool takes_type(BuiltinId id) {
  return id == BUILTIN_MAKE || id == BUILTIN_NEW || id == BUILTIN_UNSAFE_OFFSETOF;
}

static bool evaluate_args(Checker *c, Operand *x, Expr *call, BuiltinId id, Args *args) {
  ExprList *l = &call->call.args;
  if (takes_type(id)) {
    args->n = l->n;
    return true;
  }
  check_expr_list(c, l->v, l->n, &args->v, &args->n);
  for (int i = 0; i < args->n; i++)
    if (args->v[i].mode == MODE_INVALID)
      return false;
  if (args->n)
    *x = args->v[0];
  return true;
}

static bool dispatch(Checker *c, Operand *x, Expr *call, BuiltinId id, Args *args) {
  TermCtx k = {c, x, NULL};
  switch (id) {
  case BUILTIN_APPEND: return builtin_append(c, x, call, args);
  case BUILTIN_CAP:
  case BUILTIN_LEN: return builtin_len(c, x, id);
  case BUILTIN_CLEAR:
    check_lang(c, expr_start(call->call.fun), 21, "clear");
    return check_under_is(x->type, clear_term, &k) && no_value(x);
  case BUILTIN_CLOSE: return check_under_is(x->type, close_term, &k) && no_value(x);
  case BUILTIN_COMPLEX: return builtin_complex(c, x, call, args);
  case BUILTIN_COPY: return builtin_copy(c, x, args);
  case BUILTIN_DELETE: return builtin_delete(c, x, args);
  case BUILTIN_IMAG:
  case BUILTIN_REAL: return builtin_part(c, x, id);
  case BUILTIN_MAKE: return builtin_make(c, x, call);
  case BUILTIN_MAX:
  case BUILTIN_MIN: return builtin_min_max(c, x, call, args, id);
  case BUILTIN_NEW: return builtin_new(c, x, call);
  case BUILTIN_PANIC: return builtin_panic(c, x);
  case BUILTIN_PRINT:
  case BUILTIN_PRINTLN: return builtin_print(c, x, args, id);
  case BUILTIN_RECOVER: return builtin_recover(c, x);
  case BUILTIN_UNSAFE_ADD: return builtin_add(c, x, call, args);
  case BUILTIN_UNSAFE_ALIGNOF:
  case BUILTIN_UNSAFE_SIZEOF: return builtin_sizeof(c, x, id);
  case BUILTIN_UNSAFE_OFFSETOF: return builtin_offsetof(c, x, call);
  case BUILTIN_UNSAFE_SLICE: return builtin_slice(c, x, call, args);
  case BUILTIN_UNSAFE_SLICEDATA: return builtin_slicedata(c, x, call);
  case BUILTIN_UNSAFE_STRING: return builtin_string(c, x, call, args);
  case BUILTIN_UNSAFE_STRINGDATA: return builtin_stringdata(c, x, call);
  case BUILTIN_NONE: break;
  }
  ice(call->pos, "check_builtin: %d", id);
}

bool check_builtin(Checker *c, Operand *x, Expr *call, BuiltinId id) {
  Args args = {0};
  if (call->call.dots && id != BUILTIN_APPEND) {
    check_error(c, expr_start(call), "invalid operation: invalid use of ... with built-in %s",
                builtins[id].name);
    check_use(c, &call->call.args);
    return false;
  }
  // len(x) is a constant only if evaluating x calls and receives nothing.
  bool saved = c->env.has_call, sized = id == BUILTIN_LEN || id == BUILTIN_CAP;
  if (sized)
    c->env.has_call = false;
  bool ok = evaluate_args(c, x, call, id, &args);
  if (ok) {
    int want = builtins[id].nargs;
    const char *msg = args.n < want                             ? "not enough"
                      : !builtins[id].variadic && args.n > want ? "too many"
                                                                : NULL;
    if (msg) {
      check_error(c, expr_start(call),
                  "invalid operation: %s arguments for %s (expected %d, found %d)", msg,
                  expr_string(call), want, args.n);
      ok = false;
    }
  }
  ok = ok && dispatch(c, x, call, id, &args);
  if (sized)
    c->env.has_call = saved;
  return ok;
}
