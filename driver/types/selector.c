// selector.c: x.f: qualified identifiers, fields, methods, method expressions, and why there is
// none.
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <string.h>

#define TS(t)   type_string((t), c->env.pkg)
#define INVALID t_basic[TYPE_INVALID]

// ---- pkg.Name

static void qualified(Checker *c, Operand *x, Expr *e, Object *pkgname) {
  Expr *sel = e->selector.sel;
  Package *imp = pkgname->pkgname.imported;
  pkgname->used = true;
  e->selector.x->name.obj = pkgname;
  check_record_type(e->selector.x, MODE_PKGNAME, INVALID, NULL);
  check_collect(imp);
  Object *o = scope_lookup(imp->scope, sel->name.id);
  if (!o) {
    if (!check_pkginfo(imp)->fake)
      check_error(c, sel->pos, "undefined: %s", expr_string(e));
    return;
  }
  if (!is_exported(o->name)) { // gc does not see it in the export data
    check_error(c, sel->pos, "undefined: %s", expr_string(e));
    return;
  }
  sel->name.obj = o;
  if (o->state != OBJ_BLACK)
    check_obj_decl(c, o);
  x->type = o->type;
  switch (o->kind) {
  case OBJ_CONST:
    if (o->type == INVALID)
      return;
    x->mode = MODE_CONST;
    x->val = o->cons.val;
    break;
  case OBJ_TYPENAME: x->mode = MODE_TYPE; break;
  case OBJ_VAR:
    if (o->type == INVALID)
      return;
    x->mode = MODE_VAR;
    break;
  case OBJ_FUNC: x->mode = MODE_VALUE; break;
  case OBJ_BUILTIN:
    x->mode = MODE_BUILTIN;
    x->id = o->builtin.id;
    break;
  default: break;
  }
  check_record_type(sel, x->mode, x->type, x->val);
}

// ---- why there is no such field or method

static const char *tail(const char *s) {
  int width;
  utf8_decode(s, strlen(s), &width);
  return s + width;
}

enum { MISSING, MISSPELLED, UNEXPORTED, INACCESSIBLE };

static int classify(Checker *c, Atom sel, Object *alt) {
  if (!alt)
    return MISSING;
  if (same_package(alt->pkg, c->env.pkg))
    return MISSPELLED;
  if (is_exported(sel)) {
    if (is_exported(alt->name))
      return MISSPELLED;
    return strcmp(tail(sel), tail(alt->name)) == 0 ? UNEXPORTED : MISSING;
  }
  if (is_exported(alt->name))
    return strcmp(tail(sel), tail(alt->name)) == 0 ? MISSPELLED : MISSING;
  return sel == alt->name ? INACCESSIBLE : MISSING;
}

const char *check_lookup_error(Checker *c, Type *t, Atom sel, Object *alt, bool struct_lit) {
  const char *what = !alt                    ? "object"
                     : alt->kind == OBJ_VAR  ? "field"
                     : alt->kind == OBJ_FUNC ? "method"
                                             : "object";
  int k = classify(c, sel, alt);
  if (struct_lit) {
    const char *base = atom_printf("unknown field %s in struct literal of type %s", sel, TS(t));
    switch (k) {
    case MISSPELLED: return atom_printf("%s, but does have %s", base, alt->name);
    case UNEXPORTED: return atom_printf("%s, but does have unexported %s", base, alt->name);
    case INACCESSIBLE:
      return atom_printf("cannot refer to unexported field %s in struct literal of type %s",
                         alt->name, TS(t));
    default: return base;
    }
  }
  const char *base = atom_printf("type %s has no field or method %s", TS(t), sel);
  switch (k) {
  case MISSPELLED: return atom_printf("%s, but does have %s %s", base, what, alt->name);
  case UNEXPORTED: return atom_printf("%s, but does have unexported %s %s", base, what, alt->name);
  case INACCESSIBLE: return atom_printf("cannot refer to unexported %s %s", what, alt->name);
  default: return base;
  }
}

static void no_selector(Checker *c, Operand *x, Expr *sel, LookupResult r) {
  Atom name = sel->name.id;
  if (under(x->type)->kind == TYPE_INVALID)
    return;
  if (r == LOOKUP_AMBIGUOUS) {
    check_error(c, sel->pos, "ambiguous selector %s.%s", expr_string(x->expr), name);
    return;
  }
  if (r == LOOKUP_PTRRECV) {
    if (x->mode == MODE_TYPE)
      check_error(c, sel->pos, "invalid method expression %s.%s (needs pointer receiver (*%s).%s)",
                  TS(x->type), name, TS(x->type), name);
    else
      check_error(c, sel->pos, "cannot call pointer method %s on %s", name, TS(x->type));
    return;
  }
  const char *why;
  if (is_interface_ptr(x->type)) {
    Type *elem = under(x->type)->pointer.elem;
    why = atom_printf("type %s is pointer to %s, not %s", TS(x->type),
                      is_typeparam(elem) ? "type parameter" : "interface",
                      is_typeparam(elem) ? "type parameter" : "interface");
  } else {
    Selection s = {0};
    Object *alt = NULL;
    if (lookup_fold(x->type, x->mode == MODE_VAR, c->env.pkg, name, true, &s) == LOOKUP_OK)
      alt = s.obj;
    why = check_lookup_error(c, x->type, name, alt, false);
  }
  check_error(c, sel->pos, "%s.%s undefined (%s)", expr_string(x->expr), name, why);
}

// ---- methods

static Type *copy_sig(Type *sig) {
  Type *t = type_new(TYPE_FUNC);
  t->func = sig->func;
  t->func.recv = NULL;
  t->func.recv_tparams = (TypeList){0};
  return t;
}

// T.m: a function whose first parameter is the receiver.
static Type *method_expr_type(Checker *c, Type *recv, Type *sig) {
  Type *t = copy_sig(sig);
  Atom name = atom("");
  if (sig->func.params.n && sig->func.params.v[0]->name[0])
    name = sig->func.recv->name[0] ? sig->func.recv->name : atom("_");
  Object *p = object_new(OBJ_VAR, sig->func.recv->pos, sig->func.recv->pkg, name, recv);
  p->var.is_param = true;
  t->func.params = (ObjectList){0};
  vec_push(c->arena, &t->func.params, p);
  for (int i = 0; i < sig->func.params.n; i++)
    vec_push(c->arena, &t->func.params, sig->func.params.v[i]);
  return t;
}

static bool select_method_expr(Checker *c, Operand *x, Expr *e, Selection *s) {
  if (s->obj->kind != OBJ_FUNC) {
    check_error(c, e->selector.sel->pos, "%s.%s undefined (type %s has no method %s)",
                expr_string(x->expr), e->selector.sel->name.id, TS(x->type),
                e->selector.sel->name.id);
    return false;
  }
  s->kind = SEL_METHODEXPR;
  if (!s->obj->type->func.recv) {
    check_error(c, e->pos, "illegal cycle in method declaration");
    return false;
  }
  x->mode = MODE_VALUE;
  x->type = method_expr_type(c, s->recv, s->obj->type);
  return true;
}

// x.m with a pointer receiver takes x's address when x is an addressable value.
static void mark_receiver(Checker *c, Operand *x, Expr *e, Selection *s) {
  Object *m = s->obj->func.origin ? s->obj->func.origin : s->obj;
  if (m->func.ptr_recv && !s->indirect && x->mode == MODE_VAR)
    check_mark_addr(c, e->selector.x);
}

static void select_member(Checker *c, Operand *x, Expr *e, Selection *s) {
  if (s->obj->kind == OBJ_VAR) {
    s->kind = SEL_FIELD;
    x->mode = x->mode == MODE_VAR || s->indirect ? MODE_VAR : MODE_VALUE;
    x->type = s->obj->type;
    return;
  }
  s->kind = SEL_METHODVAL;
  mark_receiver(c, x, e, s);
  x->mode = MODE_VALUE;
  x->type = copy_sig(s->obj->type);
}

void check_selector(Checker *c, Operand *x, Expr *e, Type *def, bool want_type) {
  *x = (Operand){.mode = MODE_INVALID, .type = INVALID, .expr = e};
  Expr *left = e->selector.x, *sel = e->selector.sel;
  if (left->kind == EXPR_NAME) {
    Object *o = scope_lookup_parent(c->env.scope, left->name.id, left->pos, NULL);
    if (o && o->kind == OBJ_PKGNAME) {
      qualified(c, x, e, o);
      x->expr = e;
      return;
    }
  }
  check_expr_or_type(c, x, left, false);
  if (x->mode == MODE_TYPE && def && x->type == def) {
    check_cycle_error(c, &def->named.obj, 1, 0);
    goto error;
  }
  if (x->mode == MODE_BUILTIN) {
    check_error(c, e->pos, "cannot select on %s", check_operand_string(c, x));
    goto error;
  }
  if (x->mode == MODE_INVALID)
    goto error;
  if (want_type) {
    check_error(c, sel->pos, "%s is not a type", expr_string(e));
    goto error;
  }
  if (strcmp(sel->name.id, "_") == 0) {
    check_error(c, sel->pos, "cannot refer to blank field or method");
    goto error;
  }
  Selection *s = NEW(c->arena, Selection);
  LookupResult r = x->mode == MODE_NIL ? LOOKUP_NONE
                                       : lookup_field_or_method(x->type, x->mode == MODE_VAR,
                                                                c->env.pkg, sel->name.id, s);
  if (r != LOOKUP_OK) {
    no_selector(c, x, sel, r);
    goto error;
  }
  s->recv = x->type;
  Object *o = s->obj, *origin = o->kind == OBJ_FUNC && o->func.origin ? o->func.origin : o;
  if (o->kind == OBJ_FUNC) {
    check_obj_decl(c, origin);
    if (!o->type)
      check_obj_decl(c, o);
    check_add_dep(c, origin);
  }
  if (!o->type || o->type == INVALID)
    goto error;
  if (x->mode == MODE_TYPE) {
    if (!select_method_expr(c, x, e, s))
      goto error;
  } else {
    select_member(c, x, e, s);
  }
  e->selector.selection = s;
  sel->name.obj = o;
  x->expr = e;
  return;
error:
  x->mode = MODE_INVALID;
  x->expr = e;
}
