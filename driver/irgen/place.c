// place.c: what can be assigned to or has an address.
//
// An assignment evaluates the operands of its left sides first and checks them when it stores: p.x
// = f() calls f before p is tested for nil. So a place in memory is a base address and steps
// (fields, elements) whose checks are still pending; place_finish does them.
#include "driver/irgen/core.h"
#include "driver/irgen/gen.h"
#include <string.h>

Place place_mem(Type *t, VRef p) {
  return (Place){.kind = PLACE_MEM, .type = t, .addr = p};
}

static Place place_deref(Fn *f, Type *elem, VRef p) {
  return (Place){.kind = PLACE_MEM, .type = elem, .addr = p, .nilcheck = true, .pos = f->pos};
}

static void add_step(Fn *f, Place *p, PlaceStep s) {
  PlaceStep *steps = NEW_ARRAY(f->arena, PlaceStep, p->nsteps + 1);
  if (p->nsteps)
    memcpy(steps, p->steps, sizeof *steps * (size_t)p->nsteps);
  if (p->nsteps && !s.index && !steps[p->nsteps - 1].index) {
    steps[p->nsteps - 1].size += s.size; // a field of a field
  } else {
    steps[p->nsteps++] = s;
  }
  p->steps = steps;
}

static Place sub_slots(Fn *f, Place p, Type *t, int first) {
  Place r = {.kind = PLACE_SLOTS, .type = t, .watched = p.watched};
  int n = flat_of(f->g, t)->n;
  for (int i = 0; i < n; i++)
    r.slot[i] = p.slot[first + i];
  return r;
}

Place place_field(Fn *f, Place p, int i) {
  Type *u = under(p.type);
  Type *ft = u->strct.fields.v[i]->type;
  if (p.kind == PLACE_SLOTS) {
    int first = 0;
    for (int k = 0; k < i; k++)
      first += flat_of(f->g, u->strct.fields.v[k]->type)->n;
    return sub_slots(f, p, ft, first);
  }
  if (p.kind != PLACE_MEM)
    ice(f->pos, "field of a place of kind %d", (int)p.kind);
  add_step(f, &p, (PlaceStep){.size = field_offset(u, i), .pos = f->pos});
  p.type = ft;
  return p;
}

VRef place_finish(Fn *f, Place *p) {
  if (p->kind != PLACE_MEM)
    ice(f->pos, "%s: address of a place of kind %d", f->symbol, (int)p->kind);
  Pos pos = f->pos;
  if (p->nilcheck) {
    fn_pos(f, p->pos);
    nil_check(f, p->addr);
    p->nilcheck = false;
  }
  for (int i = 0; i < p->nsteps; i++) {
    PlaceStep *s = &p->steps[i];
    fn_pos(f, s->pos);
    if (s->index) {
      bounds_check(f, s->index, s->len, s->is_unsigned);
      p->addr = elem_addr(f, p->addr, s->index, s->size);
    } else {
      p->addr = ptr_add(f, p->addr, s->size);
    }
  }
  p->nsteps = 0;
  fn_pos(f, pos);
  return p->addr;
}

Value place_load(Fn *f, Place *p) {
  switch (p->kind) {
  case PLACE_SLOTS: {
    Value v = {.type = p->type, .n = flat_of(f->g, p->type)->n};
    for (int i = 0; i < v.n; i++)
      v.v[i] = slot_load(f, p->slot[i]);
    return v;
  }
  case PLACE_MEM: place_finish(f, p); return load_value(f, p->type, p->addr);
  case PLACE_MAP: return map_read(f, p->map, p->key, NULL);
  case PLACE_BLANK: break;
  }
  ice(f->pos, "value of _");
}

void place_store(Fn *f, Place *p, Value v) {
  switch (p->kind) {
  case PLACE_BLANK: break;
  case PLACE_SLOTS:
    f->watched = p->watched;
    for (int i = 0; i < v.n; i++)
      slot_store(f, p->slot[i], v.v[i]);
    f->watched = false;
    break;
  case PLACE_MEM: {
    VRef at = place_finish(f, p);
    f->watched = p->watched;
    store_value(f, at, v);
    f->watched = false;
    break;
  }
  case PLACE_MAP: {
    v = value_pin(f, v);
    store_value(f, map_elem(f, p->map, p->key), v);
    break;
  }
  }
}

// ---- from expressions

static Place place_name(Fn *f, Expr *x, Object *o) {
  fn_pos(f, x->pos);
  if (!o || o->name == atom("_"))
    return (Place){.kind = PLACE_BLANK, .type = x->type ? fn_type(f, x->type) : NULL};
  if (o->var.is_global)
    return place_mem(o->type, global_ref(f->g, o));
  return *local_place(f, o);
}

// Follows field indices from a place, through pointers.
static Place follow_place(Fn *f, Place p, const int *path, int n) {
  for (int i = 0; i < n; i++) {
    Type *u = under(p.type);
    if (u->kind == TYPE_POINTER) {
      Value v = place_load(f, &p);
      p = place_deref(f, u->pointer.elem, v.v[0]);
    }
    p = place_field(f, p, path[i]);
  }
  return p;
}

Value follow_value(Fn *f, Value v, const int *path, int n) {
  for (int i = 0; i < n; i++) {
    Type *u = under(v.type);
    if (u->kind == TYPE_POINTER) {
      Place p = follow_place(f, place_deref(f, u->pointer.elem, v.v[0]), path + i, n - i);
      return place_load(f, &p);
    }
    v = value_field(f, v, path[i]);
  }
  return v;
}

bool is_addressable(Expr *x) {
  x = unparen(x);
  if (x->mode != MODE_VAR)
    return false;
  switch (x->kind) {
  case EXPR_NAME:
  case EXPR_STAR: return true;
  case EXPR_SELECTOR: {
    Selection *s = x->selector.selection;
    return !s || (s->kind == SEL_FIELD && (s->indirect || is_addressable(x->selector.x)));
  }
  case EXPR_INDEX: return true;
  default: return false;
  }
}

// x.f for fields: x is a pointer, addressable, or (a pointer is on the way) a value.
Place place_path(Fn *f, Expr *x, const int *path, int n) {
  Type *t = expr_type(f, x);
  Type *u = under(t);
  if (u->kind == TYPE_POINTER) {
    VRef p = expr(f, x).v[0];
    return follow_place(f, place_deref(f, u->pointer.elem, p), path, n);
  }
  if (is_addressable(x))
    return follow_place(f, place(f, x), path, n);
  Value v = expr(f, x);
  for (int i = 0; i < n; i++) {
    Type *uv = under(v.type);
    if (uv->kind == TYPE_POINTER)
      return follow_place(f, place_deref(f, uv->pointer.elem, v.v[0]), path + i, n - i);
    v = value_field(f, v, path[i]);
  }
  return place_mem(v.type, value_addr(f, v));
}

static Place place_selector(Fn *f, Expr *x) {
  Selection *s = x->selector.selection;
  if (!s)
    return place_name(f, x->selector.sel, x->selector.sel->name.obj);
  s = selection_of(f, x);
  fn_pos(f, x->pos);
  Place p = place_path(f, x->selector.x, s->path, s->npath);
  return p;
}

// Element of an array at p.
static Place place_elem(Fn *f, Place p, Type *arr, Expr *x) {
  bool uns;
  VRef i = expr_index(f, x->index.index.v[0], &uns);
  fn_pos(f, x->pos);
  VRef len = const_i64(f->g, arr->array.len);
  Type *et = arr->array.elem;
  if (p.kind == PLACE_SLOTS) { // at most one element
    bounds_check(f, i, len, uns);
    if (arr->array.len == 0) // what follows is never reached
      return place_mem(et, zerobase(f->g));
    return sub_slots(f, p, et, 0);
  }
  add_step(f, &p,
           (PlaceStep){
               .index = i, .len = len, .is_unsigned = uns, .size = type_size(et), .pos = x->pos});
  p.type = et;
  return p;
}

static Place place_slice_elem(Fn *f, Expr *x, Type *u) {
  Value s = expr(f, x->index.x);
  bool uns;
  VRef i = expr_index(f, x->index.index.v[0], &uns);
  fn_pos(f, x->pos);
  Place p = place_mem(u->slice.elem, s.v[0]);
  add_step(f, &p,
           (PlaceStep){.index = i,
                       .len = s.v[1],
                       .is_unsigned = uns,
                       .size = type_size(u->slice.elem),
                       .pos = x->pos});
  return p;
}

static Place place_index(Fn *f, Expr *x) {
  Expr *a = x->index.x;
  Type *u = core_type(expr_type(f, a));
  switch (u->kind) {
  case TYPE_MAP: {
    Value m = expr(f, a);
    Value k = value_pin(f, expr_to(f, x->index.index.v[0], u->map.key));
    fn_pos(f, x->pos);
    return (Place){.kind = PLACE_MAP, .type = u->map.elem, .map = m, .key = k, .pos = x->pos};
  }
  case TYPE_SLICE: return place_slice_elem(f, x, u);
  case TYPE_POINTER: {
    VRef p = expr(f, a).v[0];
    fn_pos(f, x->pos);
    return place_elem(f, place_deref(f, u->pointer.elem, p), under(u->pointer.elem), x);
  }
  case TYPE_ARRAY:
    if (is_addressable(a))
      return place_elem(f, place(f, a), u, x);
    return place_elem(f, place_mem(u, value_addr(f, expr(f, a))), u, x);
  default: ice(x->pos, "index of %s as a place", type_string(u, NULL));
  }
}

Place place(Fn *f, Expr *x) {
  x = unparen(x);
  switch (x->kind) {
  case EXPR_NAME: return place_name(f, x, x->name.obj);
  case EXPR_SELECTOR: return place_selector(f, x);
  case EXPR_INDEX: return place_index(f, x);
  case EXPR_STAR: {
    Value p = expr(f, x->star.x);
    fn_pos(f, x->pos);
    return place_deref(f, core_type(p.type)->pointer.elem, p.v[0]);
  }
  default: ice(x->pos, "expression of kind %d is not a place", (int)x->kind);
  }
}

VRef addr(Fn *f, Expr *x) {
  x = unparen(x);
  if (x->kind == EXPR_COMPOSITE)
    return composite_addr(f, x, x->pos);
  Place p = place(f, x);
  return place_finish(f, &p);
}
