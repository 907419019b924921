// terminate.c: terminating statements (specification, "Terminating statements"): whether a function
// can reach its end.
#include "driver/types/check.h"

static bool list_breaks(StmtList *l, Stmt *target);

// Whether a break inside s leaves target.
static bool breaks(Stmt *s, Stmt *target) {
  if (!s)
    return false;
  switch (s->kind) {
  case STMT_BRANCH: return s->branch.tok == TOK_BREAK && s->branch.target == target;
  case STMT_LABELED: return breaks(s->labeled.stmt, target);
  case STMT_BLOCK: return list_breaks(&s->block.list, target);
  case STMT_IF: return breaks(s->ifs.then, target) || breaks(s->ifs.els, target);
  case STMT_FOR: return breaks(s->fors.body, target);
  case STMT_RANGE: return breaks(s->range.body, target);
  case STMT_SWITCH:
  case STMT_TYPESWITCH:
    for (int i = 0; i < s->switches.clauses.n; i++)
      if (list_breaks(&s->switches.clauses.v[i]->body, target))
        return true;
    return false;
  case STMT_SELECT:
    for (int i = 0; i < s->select.clauses.n; i++)
      if (list_breaks(&s->select.clauses.v[i]->body, target))
        return true;
    return false;
  default: return false;
  }
}

static bool list_breaks(StmtList *l, Stmt *target) {
  for (int i = 0; i < l->n; i++)
    if (breaks(l->v[i], target))
      return true;
  return false;
}

static bool list_terminates(StmtList *l) {
  for (int i = l->n - 1; i >= 0; i--)
    if (l->v[i]->kind != STMT_EMPTY)
      return check_terminating(l->v[i]);
  return false;
}

static bool clauses_terminate(ClauseList *l, Stmt *s) {
  for (int i = 0; i < l->n; i++)
    if (!list_terminates(&l->v[i]->body) || list_breaks(&l->v[i]->body, s))
      return false;
  return true;
}

static bool has_default(ClauseList *l) {
  for (int i = 0; i < l->n; i++)
    if (l->v[i]->is_default)
      return true;
  return false;
}

static bool is_panic(Expr *e) {
  e = unparen(e);
  return e->kind == EXPR_CALL && e->call.builtin == BUILTIN_PANIC;
}

bool check_terminating(Stmt *s) {
  switch (s->kind) {
  case STMT_LABELED: return check_terminating(s->labeled.stmt);
  case STMT_EXPR: return is_panic(s->x);
  case STMT_RETURN: return true;
  case STMT_BRANCH: return s->branch.tok == TOK_GOTO || s->branch.tok == TOK_FALLTHROUGH;
  case STMT_BLOCK: return list_terminates(&s->block.list);
  case STMT_IF:
    return s->ifs.els && check_terminating(s->ifs.then) && check_terminating(s->ifs.els);
  case STMT_FOR: return !s->fors.cond && !breaks(s->fors.body, s);
  case STMT_SWITCH:
  case STMT_TYPESWITCH:
    return has_default(&s->switches.clauses) && clauses_terminate(&s->switches.clauses, s);
  case STMT_SELECT: return clauses_terminate(&s->select.clauses, s);
  default: return false;
  }
}
