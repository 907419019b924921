// scc.c: strongly connected components (Tarjan, SIAM J. Comput. 1972), with a stack of its own:
// call graphs and CFGs may be deep.
#include "pass/internal.h"

typedef struct Scc {
  const Digraph *g;
  int *num, *low, *stack, *frame, *edge, *comp;
  int nnum, nstack, nframe, ncomp;
} Scc;

static void enter(Scc *s, int v) {
  s->num[v] = s->low[v] = ++s->nnum;
  s->stack[s->nstack++] = v;
  s->edge[v] = s->g->head[v];
  s->frame[s->nframe++] = v;
}

static void leave(Scc *s, int v) {
  s->nframe--;
  if (s->low[v] == s->num[v]) {
    int w;
    do {
      w = s->stack[--s->nstack];
      s->comp[w] = s->ncomp;
    } while (w != v);
    s->ncomp++;
  }
  if (s->nframe > 0) {
    int up = s->frame[s->nframe - 1];
    if (s->low[v] < s->low[up])
      s->low[up] = s->low[v];
  }
}

static void visit(Scc *s, int root) {
  enter(s, root);
  while (s->nframe > 0) {
    int v = s->frame[s->nframe - 1];
    if (s->edge[v] == s->g->head[v + 1]) {
      leave(s, v);
      continue;
    }
    int w = s->g->to[s->edge[v]++];
    if (!s->num[w])
      enter(s, w);
    else if (s->comp[w] < 0 && s->num[w] < s->low[v])
      s->low[v] = s->num[w];
  }
}

int scc_run(Arena *a, const Digraph *g, int *comp) {
  Scc s = {.g = g, .comp = comp};
  s.num = NEW_ARRAY(a, int, g->n + 1);
  s.low = NEW_ARRAY(a, int, g->n + 1);
  s.stack = NEW_ARRAY(a, int, g->n + 1);
  s.frame = NEW_ARRAY(a, int, g->n + 1);
  s.edge = NEW_ARRAY(a, int, g->n + 1);
  for (int i = 0; i < g->n; i++)
    comp[i] = -1;
  for (int i = 0; i < g->n; i++)
    if (!s.num[i])
      visit(&s, i);
  return s.ncomp;
}
