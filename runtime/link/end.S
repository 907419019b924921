// end.S: linked behind all Go objects and before libgocrt.a: where Go text ends.
.text
.globl goc_text_end
.hidden goc_text_end
goc_text_end:
