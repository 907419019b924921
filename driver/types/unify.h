// unify.h: unification of types, used by infer.c alone.
#ifndef GOC_TYPES_UNIFY_H
#define GOC_TYPES_UNIFY_H

#include "driver/types/check.h"
#include "driver/types/core.h"

// handle[i] says which cell of `at` holds what tparams.v[i] is bound to; joined type parameters
// share a cell.
typedef struct Unifier {
  TypeList tparams;
  int *handle;
  Type **at; // NULL: not known yet
  int depth;
  bool ifaces; // go1.21: methods of interfaces take part
} Unifier;

enum {
  UNIFY_ASSIGN = 1, // assignability at the top, exact below
  UNIFY_EXACT = 2,
};

Unifier *unifier_new(TypeList tparams, Type **targs, bool ifaces);
bool unify(Unifier *u, Type *x, Type *y, int mode);
Type *unify_at(const Unifier *u, int i);
void unify_set(Unifier *u, int i, Type *t);
int unify_unknowns(const Unifier *u);

#endif
