#ifndef OCC_EXPORT_CLIBXML2_SHIM_H
#define OCC_EXPORT_CLIBXML2_SHIM_H

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>

/// Frees what libxml2 allocated; xmlFree itself is a global function pointer, which Swift cannot call.
static inline void occ_xmlFree(void *pointer) { xmlFree(pointer); }

#endif
