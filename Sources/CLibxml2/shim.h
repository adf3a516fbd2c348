#ifndef OCC_EXPORT_CLIBXML2_SHIM_H
#define OCC_EXPORT_CLIBXML2_SHIM_H

/* Debian builds libxml2 with ICU, whose headers clash with the ICU inside Foundation; only pointers to
   the structures that differ pass through here. */
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <stdlib.h>
#include <string.h>
#include <libxml/catalog.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
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

/// Denies every external entity, file, include and catalog; set once for the process.
static inline xmlParserInputPtr occ_xmlDeny(const char *url, const char *id, xmlParserCtxtPtr context) {
    (void)url; (void)id; (void)context;
    return NULL;
}
static inline void occ_xmlDenyExternal(void) {
    xmlCatalogSetDefaults(XML_CATA_ALLOW_NONE);
    xmlSetExternalEntityLoader(occ_xmlDeny);
}

/// The folder whose schemas may include each other, on this thread, while one of them is read.
///
/// A local variable of a function, since Swift does not emit variables of a header by themselves.
static inline const char **occ_xmlSchemaFolder(void) {
    static _Thread_local const char *folder;
    return &folder;
}

/// Takes files that lie in that folder, wherever links lead (realpath(3)); nothing else.
static inline xmlParserInputPtr occ_xmlTakeSchema(const char *url, const char *id, xmlParserCtxtPtr context) {
    (void)id;
    const char *folder = *occ_xmlSchemaFolder();
    size_t length = folder ? strlen(folder) : 0;
    char *real = length && url ? realpath(url, NULL) : NULL;
    xmlParserInputPtr input = real && !strncmp(real, folder, length) ? xmlNewInputFromFile(context, real) : NULL;
    free(real);
    return input;
}

/// Reads a schema of a folder, with the schemas beside it that it includes.
///
/// One function, so that the loader and what it may take are always set together.
static inline xmlSchemaPtr occ_xmlReadSchema(const char *path, const char *folder) {
    xmlSchemaParserCtxtPtr parser = xmlSchemaNewParserCtxt(path);
    if (!parser) return NULL;
    occ_xmlSchemaParserSilence(parser);
    *occ_xmlSchemaFolder() = folder;
    xmlSetExternalEntityLoader(occ_xmlTakeSchema);
    xmlSchemaPtr schema = xmlSchemaParse(parser);
    *occ_xmlSchemaFolder() = NULL;
    xmlSetExternalEntityLoader(occ_xmlDeny);
    xmlSchemaFreeParserCtxt(parser);
    return schema;
}

#endif
