// literal.c: composite literals: structs, arrays, slices and maps, with keys, elided types and
// duplicates.
#include "driver/types/check.h"
#include "driver/types/core.h"
#include <string.h>
#include <strings.h>

#define TS(t)   type_string((t), c->env.pkg)
#define INVALID t_basic[TYPE_INVALID]

// ---- structs

static int field_index(Checker *c, ObjectList *fields, Atom name) {
  if (strcmp(name, "_") == 0)
    return -1;
  for (int i = 0; i < fields->n; i++)
    if (same_id(fields->v[i]->name, fields->v[i]->pkg, name, c->env.pkg))
      return i;
  return -1;
}

static Object *field_fold(ObjectList *fields, Atom name) {
  for (int i = 0; i < fields->n; i++)
    if (strcasecmp(fields->v[i]->name, name) == 0)
      return fields->v[i];
  return NULL;
}

static void mixed_literal(Checker *c, Expr *e) {
  check_error(c, expr_start(e), "mixture of field:value and value elements in struct literal");
}

static void keyed_field(Checker *c, Expr *e, Type *base, ObjectList *fields, bool *visited) {
  if (e->kind != EXPR_KEYVALUE) {
    mixed_literal(c, e);
    return;
  }
  Operand x;
  Expr *key = e->kv.key;
  if (key->kind != EXPR_NAME) {
    check_expr(c, NULL, &x, e->kv.val);
    check_error(c, expr_start(e), "invalid field name %s in struct literal", expr_string(key));
    return;
  }
  int i = field_index(c, fields, key->name.id);
  Object *f = i >= 0 ? fields->v[i] : NULL;
  check_expr(c, NULL, &x, e->kv.val);
  if (!f) {
    check_error(c, key->pos, "%s",
                check_lookup_error(c, base, key->name.id, field_fold(fields, key->name.id), true));
    return;
  }
  key->name.obj = f->var.origin ? f->var.origin : f;
  e->kv.index = i;
  check_assignment(c, &x, f->type, "struct literal");
  if (visited[i])
    check_error(c, expr_start(e), "duplicate field name %s in struct literal", key->name.id);
  visited[i] = true;
}

static void positional_fields(Checker *c, Expr *e, Type *base, ObjectList *fields) {
  ExprList *elems = &e->comp.elems;
  for (int i = 0; i < elems->n; i++) {
    Expr *v = elems->v[i];
    if (v->kind == EXPR_KEYVALUE) {
      mixed_literal(c, v);
      continue;
    }
    Operand x;
    check_expr(c, NULL, &x, v);
    if (i >= fields->n) {
      check_error(c, expr_start(v), "too many values in struct literal of type %s", TS(base));
      break;
    }
    Object *f = fields->v[i];
    if (!is_exported(f->name) && !same_package(f->pkg, c->env.pkg)) {
      check_error(c, expr_start(v),
                  "implicit assignment to unexported field %s in struct literal of type %s",
                  f->name, TS(base));
      continue;
    }
    check_assignment(c, &x, f->type, "struct literal");
  }
  if (elems->n < fields->n)
    check_error(c, e->comp.rbrace, "too few values in struct literal of type %s", TS(base));
}

static bool struct_literal(Checker *c, Expr *e, Type *base, Type *u) {
  if (u->strct.incomplete) {
    check_error(c, expr_start(e), "invalid recursive type");
    return false;
  }
  ExprList *elems = &e->comp.elems;
  if (!elems->n)
    return true;
  if (elems->v[0]->kind != EXPR_KEYVALUE) {
    positional_fields(c, e, base, &u->strct.fields);
    return true;
  }
  bool *visited = NEW_ARRAY(c->arena, bool, u->strct.fields.n + 1);
  for (int i = 0; i < elems->n; i++)
    keyed_field(c, elems->v[i], base, &u->strct.fields, visited);
  return true;
}

// ---- arrays and slices

static bool visit_index(Checker *c, PtrMap *visited, int64_t i) {
  void *key = (void *)(intptr_t)(i + 1);
  if (ptrmap_get(visited, key))
    return false;
  ptrmap_set(visited, key, c);
  return true;
}

// Checks the elements against elem; gives the length the literal needs. length < 0: no limit.
static int64_t indexed_elems(Checker *c, ExprList *elems, Type *elem, int64_t length) {
  PtrMap *visited = NULL; // made with the first key: before it no index can come twice
  int64_t index = 0, max = 0;
  for (int i = 0; i < elems->n; i++) {
    Expr *e = elems->v[i], *val = e;
    bool valid = false;
    if (e->kind == EXPR_KEYVALUE) {
      int64_t k;
      if (!visited) {
        visited = ptrmap_new(c->arena);
        for (int64_t j = 0; j < index; j++)
          visit_index(c, visited, j);
      }
      if (check_index(c, e->kv.key, length, &k)->kind != TYPE_INVALID) {
        if (k >= 0) {
          index = k;
          valid = true;
        } else {
          check_error(c, expr_start(e), "index %s must be integer constant",
                      expr_string(e->kv.key));
        }
      }
      val = e->kv.val;
    } else if (length >= 0 && index >= length) {
      check_error(c, expr_start(e), "index %lld is out of bounds (>= %lld)", (long long)index,
                  (long long)length);
    } else {
      valid = true;
    }
    if (valid && visited && !visit_index(c, visited, index))
      check_error(c, expr_start(e), "duplicate index %lld in array or slice literal",
                  (long long)index);
    index++;
    if (index > max)
      max = index;
    Operand x;
    check_expr_with_hint(c, &x, val, elem);
    check_assignment(c, &x, elem, "array or slice literal");
  }
  return max;
}

// A large literal of pointers is built in the frame; other elements come from static data.
static void slice_elems(Checker *c, ExprList *elems, Type *elem) {
  int64_t n = indexed_elems(c, elems, elem, -1);
  if (n > elems->n && !type_has_tparam(elem) && under(elem)->kind != TYPE_INVALID &&
      type_has_pointers(elem))
    check_large_temp(c, type_array(elem, n));
}

// ---- maps

// Keys of a map literal seen so far, by their exact text; with an interface as key type, the type
// belongs to it.
static bool duplicate_key(Checker *c, Map *seen, Operand *x, bool iface) {
  if (x->mode != MODE_CONST || const_kind(x->val) == CONST_UNKNOWN)
    return false;
  Buf b = {0};
  buf_printf(&b, "%d:%s", const_kind(x->val) == CONST_STRING, const_exact(x->val));
  if (iface)
    buf_printf(&b, ":%s", type_linkstring(x->type));
  bool dup = map_getn(seen, buf_str(&b), b.len) != NULL;
  map_setn(seen, buf_str(&b), b.len, c);
  buf_free(&b);
  return dup;
}

static void map_elems(Checker *c, ExprList *elems, Type *u) {
  Map *seen = map_new(c->arena);
  bool iface = is_interface(u->map.key);
  for (int i = 0; i < elems->n; i++) {
    Expr *e = elems->v[i];
    if (e->kind != EXPR_KEYVALUE) {
      check_error(c, expr_start(e), "missing key in map literal");
      continue;
    }
    Operand x;
    check_expr_with_hint(c, &x, e->kv.key, u->map.key);
    check_assignment(c, &x, u->map.key, "map literal");
    if (x.mode == MODE_INVALID)
      continue;
    if (duplicate_key(c, seen, &x, iface)) {
      check_error(c, expr_start(x.expr), "duplicate key %s in map literal", const_str(x.val));
      continue;
    }
    check_expr_with_hint(c, &x, e->kv.val, u->map.elem);
    check_assignment(c, &x, u->map.elem, "map literal");
  }
}

// ---- all

// The literal's type and, behind a pointer of an elided &T, the type that is built. NULL: reported.
static Type *literal_type(Checker *c, Expr *e, Type *hint, Type **base) {
  Expr *te = e->comp.type;
  if (te) {
    if (te->kind == EXPR_ARRAYTYPE && te->array.len && te->array.len->kind == EXPR_ELLIPSIS) {
      Type *t = type_new(TYPE_ARRAY);
      t->array.len = -1;
      t->array.elem = check_var_type(c, te->array.elem);
      return *base = t;
    }
    return *base = check_type(c, te);
  }
  if (!hint) {
    check_error(c, expr_start(e), "missing type in composite literal");
    return NULL;
  }
  Type *u = core_type(hint);
  if (!u) {
    check_error(c, expr_start(e), "invalid composite literal element type %s (no core type)",
                TS(hint));
    return NULL;
  }
  *base = hint;
  if (u->kind == TYPE_POINTER) {
    e->comp.implicit_addr = true;
    *base = u->pointer.elem;
  }
  return hint;
}

static void use_elems(Checker *c, Expr *e) {
  for (int i = 0; i < e->comp.elems.n; i++) {
    Expr *v = e->comp.elems.v[i];
    check_use_expr(c, v->kind == EXPR_KEYVALUE ? v->kv.val : v, false);
  }
}

bool check_composite(Checker *c, Operand *x, Expr *e, Type *hint) {
  Type *base, *t = literal_type(c, e, hint, &base);
  if (!t)
    return false;
  Type *u = core_type(base);
  if (u && ((u->kind == TYPE_ARRAY && check_is_incomplete(u->array.elem)) ||
            (u->kind == TYPE_SLICE && check_is_incomplete(u->slice.elem)) ||
            (u->kind == TYPE_MAP &&
             (check_is_incomplete(u->map.key) || check_is_incomplete(u->map.elem))))) {
    check_error(c, expr_start(e), "invalid recursive type");
    return false;
  }
  switch (u ? u->kind : TYPE_NAMED) {
  case TYPE_STRUCT:
    if (!struct_literal(c, e, base, u))
      return false;
    break;
  case TYPE_ARRAY: {
    int64_t n = indexed_elems(c, &e->comp.elems, u->array.elem, u->array.len);
    if (u->array.len < 0) {
      u->array.len = n;
      if (e->comp.type)
        check_record_type(e->comp.type, MODE_TYPE, u, NULL);
    }
    break;
  }
  case TYPE_SLICE: slice_elems(c, &e->comp.elems, u->slice.elem); break;
  case TYPE_MAP: map_elems(c, &e->comp.elems, u); break;
  case TYPE_INVALID: use_elems(c, e); return false;
  default:
    use_elems(c, e);
    check_error(c, expr_start(e), "invalid composite literal type %s", TS(t));
    return false;
  }
  x->mode = MODE_VALUE;
  x->type = t;
  return true;
}
