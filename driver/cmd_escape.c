// cmd_escape.c: goc escape: where every value lives, and why, as text, JSON or a page of HTML.
#include "driver.h"
#include <errno.h>
#include <string.h>

int cmd_escape(Arena *a, Options *o) {
  Build b;
  o->compile_only = true;
  o->explain = 2;
  build_init(&b, a, o);
  if (!build_all(&b))
    return 1;
  Buf text = {0};
  bool any = false;
  if (o->json)
    buf_puts(&text, "[\n");
  for (int i = 0; i < b.named.n; i++) {
    Artifact *art = job_of(b.named.v[i])->artifact;
    if (o->json && any && art->siteslen)
      buf_puts(&text, ",\n");
    any |= art->siteslen > 0;
    buf_write(&text, art->sites, art->siteslen);
  }
  if (o->json)
    buf_puts(&text, "\n]\n");
  if (o->html && !file_write(o->html, buf_str(&text), text.len))
    fatal("cannot write %s: %s", o->html, strerror(errno));
  if (!o->html)
    fwrite(buf_str(&text), 1, text.len, stdout);
  buf_free(&text);
  return 0;
}
