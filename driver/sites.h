// sites.h: the rows of goc escape.
#ifndef GOC_SITES_H
#define GOC_SITES_H

#include "driver.h"

typedef struct Note {
  Pos pos;
  const char *text;
} Note; // a line of -m=2
typedef VEC(Note) Notes;
typedef enum SitesForm { SITES_TEXT, SITES_JSON, SITES_HTML } SitesForm;

// Appends the rows of a package whose module goc-escape has been through; as JSON without the
// brackets of the list.
void sites_write(Arena *a, Unit *u, Package *p, LLVMModuleRef m, const Notes *notes, SitesForm form,
                 Buf *out);

#endif
