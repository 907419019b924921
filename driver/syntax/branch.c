// branch.c: labels and the targets of break, continue, goto and fallthrough, in one walk over each
// function body.
//
// A function literal has labels of its own and is checked when its own body has been parsed, so
// expressions are not entered. A goto to a label not yet seen is kept in a list, passed from inner
// to outer blocks, until the label comes.
#include "driver/syntax/parser.h"

// A block of the body being checked.
typedef struct Block {
  struct Block *parent;
  Pos start;
  Stmt *labeled; // the STMT_LABELED of the statement this block belongs to, or NULL
} Block;

typedef struct Label {
  Stmt *stmt;   // STMT_LABELED
  Block *block; // in which it is declared
  bool used;
} Label;

// What unlabeled statements mean in a block.
typedef struct Targets {
  Stmt *breaks;    // for, range, switch or select, or NULL
  Stmt *continues; // for or range, or NULL
  int clause;      // index of the clause of breaks that immediately encloses, or -1
} Targets;

typedef struct Goto {
  Stmt *stmt;
  Block *block; // where it passed a variable declaration last, NULL: nowhere
  Pos var_pos;
  const Stmt *var; // that declaration
} Goto;
typedef VEC(Goto) GotoList;

typedef struct Branches {
  Parser *p;
  Map *labels;    // name to Label
  GotoList gotos; // forward, unresolved
} Branches;

// The state of the walk over one block.
typedef struct Walk {
  Branches *b;
  Block *block;
  Targets ctx;
  int first_goto; // gotos.v[first_goto…] stand in this block or inside of it
  int i, n;       // the current statement, the number of statements
} Walk;

static void walk_block(Branches *b, Block *parent, Targets ctx, Stmt *labeled, Pos start,
                       const StmtList *list);
static void walk_stmt(Walk *w, Stmt *s, Stmt *labeled);

static Label *find_label(Branches *b, const Expr *name) {
  return b->labels ? map_get(b->labels, name->name.id) : NULL;
}

static void error(Branches *b, Pos pos, const char *fmt, ...) PRINTF(3, 4);
static void error(Branches *b, Pos pos, const char *fmt, ...) {
  (void)b;
  va_list ap;
  va_start(ap, fmt);
  diag_errorv(pos, fmt, ap);
  va_end(ap);
}

// ---- labels and gotos

static Label *declare(Walk *w, Stmt *s) {
  Branches *b = w->b;
  if (!b->labels)
    b->labels = map_new(b->p->a);
  Expr *name = s->labeled.label;
  Label *old = find_label(b, name);
  if (old) {
    error(b, name->pos, "label %s already defined at %s", name->name.id,
          pos_str(old->stmt->labeled.label->pos));
    return old;
  }
  Label *l = NEW(b->p->a, Label);
  l->stmt = s;
  l->block = w->block;
  map_set(b->labels, name->name.id, l);
  return l;
}

static void write_var(Buf *out, const Stmt *s) {
  if (s->kind == STMT_DECL) {
    for (int i = 0; i < s->decl.decls.n; i++)
      if (s->decl.decls.v[i]->kind == DECL_VAR) {
        expr_write(out, s->decl.decls.v[i]->var.names.v[0]);
        return;
      }
    return;
  }
  for (int i = 0; i < s->assign.lhs.n; i++) {
    if (i)
      buf_puts(out, ", ");
    expr_write(out, s->assign.lhs.v[i]);
  }
}

static void jumps_over(Branches *b, const Goto *g) {
  Buf var = {0};
  write_var(&var, g->var);
  Expr *label = g->stmt->branch.label;
  error(b, label->pos, "goto %s jumps over declaration of %s at %s", label->name.id, buf_str(&var),
        pos_str(g->var_pos));
  buf_free(&var);
}

// Resolves the gotos in this block that waited for s.
static void resolve_gotos(Walk *w, Stmt *s, Label *l) {
  GotoList *g = &w->b->gotos;
  int kept = w->first_goto;
  for (int i = w->first_goto; i < g->n; i++) {
    if (g->v[i].stmt->branch.label->name.id != s->labeled.label->name.id) {
      g->v[kept++] = g->v[i];
      continue;
    }
    g->v[i].stmt->branch.target = s;
    l->used = true;
    if (g->v[i].block == w->block)
      jumps_over(w->b, &g->v[i]);
  }
  g->n = kept;
}

// A variable is declared here: the gotos before it in this block must not jump past it within the
// block.
static void declares_var(Walk *w, const Stmt *s, Pos pos) {
  GotoList *g = &w->b->gotos;
  for (int i = w->first_goto; i < g->n; i++) {
    g->v[i].block = w->block;
    g->v[i].var = s;
    g->v[i].var_pos = pos;
  }
}

static bool encloses(const Block *block, const Block *b) {
  while (b && b != block)
    b = b->parent;
  return b != NULL;
}

static void goto_stmt(Walk *w, Stmt *s) {
  Label *l = find_label(w->b, s->branch.label);
  if (l)
    l->used = true;
  if (l && encloses(l->block, w->block)) {
    s->branch.target = l->stmt;
    return;
  }
  Goto g = {.stmt = s};
  vec_push(w->b->p->a, &w->b->gotos, g);
}

// ---- break, continue, fallthrough

static bool is_loop(const Stmt *s) {
  return s->kind == STMT_FOR || s->kind == STMT_RANGE;
}

static bool is_breakable(const Stmt *s) {
  return is_loop(s) || s->kind == STMT_SWITCH || s->kind == STMT_TYPESWITCH ||
         s->kind == STMT_SELECT;
}

static void fallthrough_stmt(Walk *w, Stmt *s) {
  const Stmt *t = w->ctx.breaks;
  const char *msg = "fallthrough statement out of place";
  if (t && t->kind == STMT_TYPESWITCH)
    msg = "cannot fallthrough in type switch";
  else if (t && t->kind == STMT_SWITCH && w->ctx.clause >= 0 && w->i + 1 == w->n) {
    if (w->ctx.clause + 1 < t->switches.clauses.n)
      return;
    msg = "cannot fallthrough final case in switch";
  }
  error(w->b, s->pos, "%s", msg);
}

static void unlabeled_branch(Walk *w, Stmt *s) {
  switch (s->branch.tok) {
  case TOK_BREAK:
    s->branch.target = w->ctx.breaks;
    if (!s->branch.target)
      error(w->b, s->pos, "break is not in a loop, switch, or select");
    break;
  case TOK_CONTINUE:
    s->branch.target = w->ctx.continues;
    if (!s->branch.target)
      error(w->b, s->pos, "continue is not in a loop");
    break;
  default: fallthrough_stmt(w, s);
  }
}

// break and continue with a label, which must be that of an enclosing statement.
static void labeled_branch(Walk *w, Stmt *s) {
  bool is_break = s->branch.tok == TOK_BREAK;
  const char *word = is_break ? "break" : "continue";
  Expr *label = s->branch.label;
  Label *l = find_label(w->b, label);
  if (!l) {
    error(w->b, label->pos, "%s label not defined: %s", word, label->name.id);
    return;
  }
  l->used = true;
  Block *b = w->block;
  while (b && b->labeled != l->stmt)
    b = b->parent;
  Stmt *t = b ? l->stmt->labeled.stmt : NULL;
  if (t && (is_break ? is_breakable(t) : is_loop(t)))
    s->branch.target = t;
  else
    error(w->b, label->pos, "invalid %s label %s", word, label->name.id);
}

static void branch(Walk *w, Stmt *s) {
  if (!s->branch.label)
    unlabeled_branch(w, s);
  else if (s->branch.tok == TOK_GOTO)
    goto_stmt(w, s);
  else
    labeled_branch(w, s);
}

// ---- the walk

static void inner(Walk *w, Targets ctx, Stmt *labeled, const Stmt *block) {
  walk_block(w->b, w->block, ctx, labeled, block->pos, &block->block.list);
}

static void inner_clauses(Walk *w, Stmt *s, Stmt *labeled, const ClauseList *clauses,
                          bool is_switch) {
  for (int i = 0; i < clauses->n; i++) {
    const Clause *c = clauses->v[i];
    Targets ctx = {s, w->ctx.continues, is_switch ? i : -1};
    walk_block(w->b, w->block, ctx, labeled, c->pos, &c->body);
  }
}

static void if_branches(Walk *w, Stmt *s, Stmt *labeled) {
  Targets ctx = {w->ctx.breaks, w->ctx.continues, -1};
  for (; s && s->kind == STMT_IF; s = s->ifs.els)
    inner(w, ctx, labeled, s->ifs.then);
  if (s && s->kind == STMT_BLOCK)
    inner(w, ctx, labeled, s);
}

static void decl_branches(Walk *w, const Stmt *s) {
  for (int i = 0; i < s->decl.decls.n; i++)
    if (s->decl.decls.v[i]->kind == DECL_VAR) {
      declares_var(w, s, s->decl.decls.v[i]->pos);
      return;
    }
}

static void walk_stmt(Walk *w, Stmt *s, Stmt *labeled) {
  Targets plain = {w->ctx.breaks, w->ctx.continues, -1}, loop = {s, s, -1};
  switch (s->kind) {
  case STMT_DECL: decl_branches(w, s); break;
  case STMT_DEFINE: declares_var(w, s, s->pos); break;
  case STMT_BRANCH: branch(w, s); break;
  case STMT_BLOCK: inner(w, plain, labeled, s); break;
  case STMT_IF: if_branches(w, s, labeled); break;
  case STMT_FOR: inner(w, loop, labeled, s->fors.body); break;
  case STMT_RANGE: inner(w, loop, labeled, s->range.body); break;
  case STMT_SWITCH:
  case STMT_TYPESWITCH: inner_clauses(w, s, labeled, &s->switches.clauses, true); break;
  case STMT_SELECT: inner_clauses(w, s, labeled, &s->select.clauses, false); break;
  default: break;
  }
}

static void walk_labeled(Walk *w, Stmt *s) {
  Stmt *labeled = NULL;
  while (s->kind == STMT_LABELED) {
    if (s->labeled.label->name.id != atom("_")) {
      resolve_gotos(w, s, declare(w, s));
      labeled = s;
    }
    s = s->labeled.stmt;
  }
  walk_stmt(w, s, labeled);
}

static void walk_block(Branches *b, Block *parent, Targets ctx, Stmt *labeled, Pos start,
                       const StmtList *list) {
  Block *block = NEW(b->p->a, Block);
  *block = (Block){parent, start, labeled};
  Walk w = {.b = b, .block = block, .ctx = ctx, .first_goto = b->gotos.n, .n = list->n};
  while (w.n > 0 && list->v[w.n - 1]->kind == STMT_EMPTY)
    w.n--; // a fallthrough may stand before empty statements
  for (; w.i < w.n; w.i++)
    walk_labeled(&w, list->v[w.i]);
}

static void unresolved_gotos(Branches *b) {
  for (int i = 0; i < b->gotos.n; i++) {
    Expr *name = b->gotos.v[i].stmt->branch.label;
    Label *l = find_label(b, name);
    if (l) {
      l->used = true;
      error(b, name->pos, "goto %s jumps into block starting at %s", name->name.id,
            pos_str(l->block->start));
    } else {
      error(b, name->pos, "label %s not defined", name->name.id);
    }
  }
}

static void unused_labels(Branches *b) {
  void *value;
  for (size_t i = 0; b->labels && map_at(b->labels, i, NULL, &value); i++) {
    Label *l = value;
    Expr *name = l->stmt->labeled.label;
    if (!l->used)
      error(b, name->pos, "label %s defined and not used", name->name.id);
  }
}

void check_branches(Parser *p, Stmt *body) {
  Branches b = {.p = p};
  walk_block(&b, NULL, (Targets){NULL, NULL, -1}, NULL, body->pos, &body->block.list);
  unresolved_gotos(&b);
  unused_labels(&b);
}
