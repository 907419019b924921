// begin.S: linked before all Go objects: where Go text starts (signal.c may interrupt code from here on).
.text
.globl goc_text_start
.hidden goc_text_start
goc_text_start:
