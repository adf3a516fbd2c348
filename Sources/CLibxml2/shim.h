#ifndef OCC_EXPORT_CLIBXML2_SHIM_H
#define OCC_EXPORT_CLIBXML2_SHIM_H

/* Debian builds libxml2 with ICU, whose headers clash with the ICU inside Foundation; only pointers to
   the structures that differ pass through here. */
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>

/// Frees what libxml2 allocated; xmlFree itself is a global function pointer, which Swift cannot call.
static inline void occ_xmlFree(void *pointer) { xmlFree(pointer); }

static inline void occ_xmlIgnore(void *context, const xmlError *error) { (void)context; (void)error; }

/// Keeps a validator's errors off standard error; xmlGetLastError still tells the last one.
/// The structured handler's parameter is not const before libxml2 2.12, so it is cast here.
static inline void occ_xmlSchemaSilence(xmlSchemaValidCtxtPtr context) {
    xmlSchemaSetValidStructuredErrors(context, (xmlStructuredErrorFunc)occ_xmlIgnore, NULL);
}

/// The same for a schema's parser.
static inline void occ_xmlSchemaParserSilence(xmlSchemaParserCtxtPtr context) {
    xmlSchemaSetParserStructuredErrors(context, (xmlStructuredErrorFunc)occ_xmlIgnore, NULL);
}

/// Denies every external entity, file and include; set once for the process.
static inline xmlParserInputPtr occ_xmlDeny(const char *url, const char *id, xmlParserCtxtPtr context) {
    (void)url; (void)id; (void)context;
    return NULL;
}
static inline void occ_xmlDenyExternal(void) { xmlSetExternalEntityLoader(occ_xmlDeny); }

#endif
