// scope.c: lexical scopes: names to objects, looked up outwards.
//
// A function literal is checked after the statement it stands in, when later declarations of the
// scopes around it may already be there. Its scope therefore remembers how many locals had been
// declared when it was met (Scope.visible), and a lookup that leaves it sees no object with a
// greater number.
#include "driver/types/check.h"
#include <string.h>
#include <utf8proc.h>

enum { FEW = 8 }; // up to here a list is as fast as a map

Scope *scope_new(Scope *parent, Pos pos) {
  Scope *s = NEW(types_arena, Scope);
  s->parent = parent;
  s->pos = pos;
  return s;
}

Object *scope_lookup(Scope *s, Atom name) {
  if (s->names)
    return ptrmap_get(s->names, name);
  for (int i = 0; i < s->objects.n; i++)
    if (s->objects.v[i]->name == name)
      return s->objects.v[i];
  return NULL;
}

Object *scope_lookup_parent(Scope *s, Atom name, Pos pos, Scope **where) {
  (void)pos;
  uint32_t limit = UINT32_MAX;
  for (; s; s = s->parent) {
    Object *o = scope_lookup(s, name);
    if (o && o->seq <= limit) {
      if (where)
        *where = s;
      return o;
    }
    if (s->visible && s->visible < limit)
      limit = s->visible;
  }
  return NULL;
}

Object *scope_insert(Scope *s, Object *o) {
  static Atom blank;
  if (!blank)
    blank = atom("_");
  if (o->name == blank)
    return NULL;
  Object *alt = scope_lookup(s, o->name);
  if (alt)
    return alt;
  vec_push(types_arena, &s->objects, o);
  if (s->names)
    ptrmap_set(s->names, o->name, o);
  else if (s->objects.n > FEW) {
    s->names = ptrmap_new(types_arena);
    for (int i = 0; i < s->objects.n; i++)
      ptrmap_set(s->names, s->objects.v[i]->name, s->objects.v[i]);
  }
  if (!o->parent)
    o->parent = s;
  return NULL;
}

bool is_exported(Atom name) {
  if ((unsigned char)name[0] < 0x80)
    return name[0] >= 'A' && name[0] <= 'Z';
  int width;
  uint32_t r = utf8_decode(name, strlen(name), &width);
  return utf8proc_category((utf8proc_int32_t)r) == UTF8PROC_CATEGORY_LU;
}
