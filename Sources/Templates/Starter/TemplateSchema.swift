/// The JSON Schema of template.yaml, as `docs/template.schema.json` has it.
public enum TemplateSchema {
    /// The schema's text.
    public static let text = #"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "occ-export template",
          "description": "What template.yaml may say. The program checks the same and more; this file serves editors.",
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "version": {"enum": [1, "1"]},
            "title": {"$ref": "#/$defs/scalar", "description": "What it makes, in one line."},
            "feed": {
              "enum": ["contract-transactions", "bonuscard-transactions", "ev-transactions"],
              "description": "The kind of transactions; default: contract-transactions."
            },
            "extends": {"$ref": "#/$defs/scalar", "description": "A template's folder beside this one whose parts are taken over by name."},
            "fragments": {"type": "array", "items": {"$ref": "#/$defs/scalar"}, "description": "Files beside template.yaml with derive, layouts and records to share."},
            "requires": {"type": "array", "items": {"$ref": "#/$defs/scalar"}, "description": "Fields without which a transaction waits."},
            "optional": {"type": "array", "items": {"$ref": "#/$defs/scalar"}, "description": "Fields that the template can do without although rows have them as a rule."},
            "accepts": {"type": "array", "items": {"enum": ["reversals"]}, "description": "reversals: changed transactions come negated, then anew."},
            "on_reject": {"enum": ["continue", "stop"], "description": "stop: one rejected transaction stops the batch."},
            "documents": {
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "group_by": {"type": "array", "items": {"$ref": "#/$defs/key"}},
                "as": {"$ref": "#/$defs/scalar", "description": "The document's name in expressions."},
                "incomplete": {"enum": ["reject", "allow"], "description": "allow: a rejected transaction does not take its document along."},
                "numbered_from": {"$ref": "#/$defs/expression", "description": "The first serial; the ledger keeps the next."},
                "model": {"enum": ["invoice"], "description": "Documents are EN 16931 invoices."},
                "amounts": {"enum": ["net", "gross", "supplier_vat", "statement"], "description": "Whose amounts the invoice lines take."},
                "profile": {"enum": ["en16931", "peppol", "xrechnung", "estonian", "finvoice"], "description": "Whose rules an invoice has to meet."},
                "checks": {"$ref": "#/$defs/checks", "description": "Conditions of each document, tested before any file is written; a failing one rejects it."}
              },
              "description": "What is written or rejected together."
            },
            "parameters": {"$ref": "#/$defs/parameters", "description": "What an export sets."},
            "lookups": {
              "type": "object",
              "additionalProperties": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                  "columns": {"type": "object", "additionalProperties": {"$ref": "#/$defs/type"}, "description": "The CSV file's columns and their types."},
                  "key": {"type": "array", "items": {"$ref": "#/$defs/scalar"}, "description": "The columns that are looked for."},
                  "match": {"enum": ["all", "first"], "description": "first: the first key column that finds a row."},
                  "valid": {"type": "array", "items": {"$ref": "#/$defs/scalar"}, "description": "Columns of the first and last day a row holds."},
                  "missing": {"enum": ["reject", "hold", "default", "none"], "description": "What a miss does."},
                  "default": {"type": "object", "additionalProperties": {"$ref": "#/$defs/scalar"}, "description": "The row of missing: default."}
                },
                "required": ["columns", "key"]
              },
              "description": "CSV files that an export names."
            },
            "derive": {"type": "object", "additionalProperties": {"$ref": "#/$defs/expression"}, "description": "New fields of every transaction, one after the other."},
            "layouts": {
              "type": "object",
              "additionalProperties": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                  "file": {"$ref": "#/$defs/scalar", "description": "A CSV table: name,width,type,quote,text."},
                  "fields": {"type": "array", "items": {"anyOf": [{"$ref": "#/$defs/scalar"}, {"$ref": "#/$defs/field"}]}},
                  "record_length": {"$ref": "#/$defs/int"}
                }
              },
              "description": "Columns named once."
            },
            "format": {"$ref": "#/$defs/format", "description": "The form of what is written."},
            "package": {
              "type": "object",
              "additionalProperties": false,
              "properties": {"kind": {"enum": ["zip"]}, "name": {"$ref": "#/$defs/template", "description": "The archive's name."}},
              "required": ["name"],
              "description": "The files are published as one archive."
            },
            "records": {"type": "array", "items": {"$ref": "#/$defs/node"}, "description": "Records to include by id."},
            "files": {"type": "array", "items": {"$ref": "#/$defs/file"}, "description": "The files, each a tree of nodes."}
          },
          "required": ["version", "title"],
          "$defs": {
            "scalar": {"type": ["string", "number", "boolean", "null"]},
            "expression": {"type": ["string", "number", "boolean"], "description": "A CEL expression: docs/expressions.md."},
            "template": {"type": ["string", "number", "boolean"], "description": "Text with ${expression} or ${expression:pattern}; $${ writes ${."},
            "int": {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^[0-9]+$"}]},
            "bool": {"enum": [true, false, "true", "false"]},
            "key": {
              "anyOf": [{"$ref": "#/$defs/expression"}, {"type": "object", "additionalProperties": {"$ref": "#/$defs/expression"}, "maxProperties": 1}],
              "description": "Named after its last word, or { name: expression }."
            },
            "unmappable": {
              "anyOf": [
                {"enum": ["reject", "transliterate"]},
                {"type": "object", "additionalProperties": false, "properties": {"replace": {"$ref": "#/$defs/scalar"}}, "required": ["replace"]}
              ],
              "description": "What happens to a character the encoding lacks."
            },
            "controls": {"enum": ["reject", "blank", "keep"], "description": "Control characters inside values."},
            "formulas": {"enum": ["reject", "apostrophe", "keep"], "description": "Texts that a spreadsheet would calculate."},
            "quote": {"enum": ["when_needed", "text", "always", "never"], "description": "When a field stands in quotes."},
            "parameters": {
              "type": "object",
              "additionalProperties": {
                "anyOf": [
                  {"$ref": "#/$defs/parameter"},
                  {"type": "object", "not": {"required": ["type"]}, "additionalProperties": {"$ref": "#/$defs/parameter"}, "minProperties": 1}
                ]
              }
            },
            "format": {
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "kind": {"enum": ["delimited", "fixed_width", "xml", "text", "json"]},
                "encoding": {
                  "enum": [
                    "utf-8",
                    "utf-16",
                    "utf-16le",
                    "utf-16be",
                    "ascii",
                    "iso-8859-1",
                    "iso-8859-4",
                    "iso-8859-13",
                    "iso-8859-15",
                    "windows-1250",
                    "windows-1252",
                    "windows-1257",
                    "cp437",
                    "cp775",
                    "cp850",
                    "cp037",
                    "cp500",
                    "cp1140"
                  ]
                },
                "line_end": {"enum": ["lf", "crlf", "none"]},
                "unmappable": {"$ref": "#/$defs/unmappable"},
                "transliterate": {
                  "type": "object",
                  "additionalProperties": {"$ref": "#/$defs/scalar"},
                  "description": "What stands for a character that the encoding lacks: õ: o."
                },
                "control_characters": {"$ref": "#/$defs/controls"},
                "absent": {"$ref": "#/$defs/scalar", "description": "What an absent value becomes; without it every optional field is an error."},
                "delimiter": {"$ref": "#/$defs/scalar", "description": "One ASCII character between fields."},
                "quote": {"$ref": "#/$defs/quote"},
                "formulas": {"$ref": "#/$defs/formulas"},
                "byte_order_mark": {"$ref": "#/$defs/bool"},
                "record_length": {"$ref": "#/$defs/int", "description": "Length of every record, proven at check time."},
                "counted_in": {"enum": ["bytes", "characters"], "description": "What widths count."},
                "escape": {
                  "type": "object",
                  "additionalProperties": {"$ref": "#/$defs/scalar"},
                  "description": "text: the target's own signs inside a value, and what stands for them."
                },
                "indent": {"$ref": "#/$defs/bool", "description": "xml: one element a line."},
                "framing": {"enum": ["lines", "array"], "description": "json: one object a line, or one array of all."},
                "text": {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {
                    "align": {"$ref": "#/$defs/align"},
                    "pad": {"$ref": "#/$defs/pad"},
                    "max": {"$ref": "#/$defs/int"},
                    "overflow": {"enum": ["reject", "cut"]}
                  }
                },
                "date": {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {"pattern": {"$ref": "#/$defs/scalar", "description": "yyyy-MM-dd, dd.MM.yyyy, yyyyMMdd ..."}}
                },
                "number": {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {
                    "decimals": {"$ref": "#/$defs/decimals"},
                    "decimal_mark": {"$ref": "#/$defs/decimal_mark"},
                    "sign": {"$ref": "#/$defs/sign"},
                    "align": {"$ref": "#/$defs/align"},
                    "pad": {"$ref": "#/$defs/pad"},
                    "overflow": {"enum": ["reject"], "description": "A number that does not fit, or has no sign to write, is meant to reject its row."}
                  }
                }
              },
              "allOf": [
                {
                  "if": {"properties": {"kind": {"const": "delimited"}}, "required": ["kind"]},
                  "then": {"properties": {"record_length": false, "counted_in": false, "framing": false, "indent": false, "escape": false}}
                },
                {
                  "if": {"properties": {"kind": {"const": "fixed_width"}}, "required": ["kind"]},
                  "then": {"properties": {"delimiter": false, "quote": false, "formulas": false, "framing": false, "indent": false, "escape": false}}
                },
                {
                  "if": {"properties": {"kind": {"const": "xml"}}, "required": ["kind"]},
                  "then": {
                    "properties": {
                      "delimiter": false,
                      "quote": false,
                      "formulas": false,
                      "record_length": false,
                      "counted_in": false,
                      "framing": false,
                      "escape": false,
                      "line_end": false
                    }
                  }
                },
                {
                  "if": {"properties": {"kind": {"const": "text"}}, "required": ["kind"]},
                  "then": {
                    "properties": {"delimiter": false, "quote": false, "formulas": false, "record_length": false, "counted_in": false, "framing": false, "indent": false}
                  }
                },
                {
                  "if": {"properties": {"kind": {"const": "json"}}, "required": ["kind"]},
                  "then": {
                    "properties": {
                      "delimiter": false,
                      "quote": false,
                      "formulas": false,
                      "byte_order_mark": false,
                      "record_length": false,
                      "counted_in": false,
                      "indent": false,
                      "escape": false
                    }
                  }
                }
              ]
            },
            "field": {
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "name": {"$ref": "#/$defs/scalar", "description": "Its heading, and its name in written.ID.map(r, r.NAME)."},
                "value": {"$ref": "#/$defs/expression", "description": "What the field holds."},
                "text": {"$ref": "#/$defs/template", "description": "Fixed text with ${expression} inside."},
                "width": {"anyOf": [{"$ref": "#/$defs/int"}, {"const": "rest"}], "description": "Columns; rest fills the record."},
                "at": {"$ref": "#/$defs/scalar", "description": "First and last column, counted from 1: 12-61."},
                "type": {"enum": ["text", "number", "date"], "description": "What a column of a layout holds."},
        \#(form)
              },
              "not": {"anyOf": [{"required": ["value", "text"]}, {"required": ["width", "at"]}]}
            },
            "node": {
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "id": {"$ref": "#/$defs/scalar", "description": "The name under which written counts the record."},
                "for_each": {"$ref": "#/$defs/expression", "description": "A list: transactions, documents, part.transactions ..."},
                "group_by": {"type": "array", "items": {"$ref": "#/$defs/key"}, "description": "Keys: an item is a group."},
                "order_by": {"type": "array", "items": {"$ref": "#/$defs/expression"}, "description": "Ascending by these."},
                "as": {"$ref": "#/$defs/scalar", "description": "The item's name."},
                "let": {"type": "object", "additionalProperties": {"$ref": "#/$defs/expression"}, "description": "Names for values, in this node and inside."},
                "when": {"$ref": "#/$defs/expression", "description": "Written only where this holds."},
                "fields": {"type": "array", "items": {"$ref": "#/$defs/field"}, "description": "A record of these fields."},
                "layout": {"$ref": "#/$defs/scalar", "description": "The layout whose columns the record has."},
                "values": {"$ref": "#/$defs/values"},
                "lines": {"$ref": "#/$defs/template", "description": "Lines of text with ${expression} inside."},
                "names_of": {"$ref": "#/$defs/scalar", "description": "A record of the column names of that id or layout."},
                "records": {"type": "array", "items": {"$ref": "#/$defs/node"}, "description": "Nodes inside, written in this order."},
                "include": {"$ref": "#/$defs/scalar", "description": "A record of the extended template or of a fragment, by its id."},
                "checksum": {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {
                    "name": {"$ref": "#/$defs/scalar", "description": "Under which the records behind the node use it, an int."},
                    "algorithm": {"enum": ["crc-32"], "description": "CRC-32 as zlib has it."},
                    "of": {"enum": ["bytes", "tokens"], "description": "Every byte, or what stands between blanks, braces, quotes and line ends."}
                  },
                  "required": ["name", "algorithm"],
                  "description": "A sum over what the node writes."
                },
                "checks": {"$ref": "#/$defs/checks"},
                "format": {"$ref": "#/$defs/format", "description": "What differs from the template's format here."}
              },
              "not": {
                "anyOf": [
                  {"required": ["fields", "lines"]},
                  {"required": ["fields", "names_of"]},
                  {"required": ["fields", "records"]},
                  {"required": ["fields", "include"]},
                  {"required": ["lines", "names_of"]},
                  {"required": ["lines", "records"]},
                  {"required": ["lines", "include"]},
                  {"required": ["names_of", "records"]},
                  {"required": ["names_of", "include"]},
                  {"required": ["records", "include"]}
                ]
              },
              "dependentRequired": {"group_by": ["for_each"]}
            },
            "file": {
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "name": {"$ref": "#/$defs/template", "description": "The file's name; one file for each item of the loop."},
                "id": {"$ref": "#/$defs/node/properties/id"},
                "for_each": {"$ref": "#/$defs/node/properties/for_each"},
                "group_by": {"$ref": "#/$defs/node/properties/group_by"},
                "order_by": {"$ref": "#/$defs/node/properties/order_by"},
                "as": {"$ref": "#/$defs/node/properties/as"},
                "let": {"$ref": "#/$defs/node/properties/let"},
                "when": {"$ref": "#/$defs/node/properties/when"},
                "fields": {"$ref": "#/$defs/node/properties/fields"},
                "layout": {"$ref": "#/$defs/node/properties/layout"},
                "values": {"$ref": "#/$defs/node/properties/values"},
                "lines": {"$ref": "#/$defs/node/properties/lines"},
                "names_of": {"$ref": "#/$defs/node/properties/names_of"},
                "records": {"$ref": "#/$defs/node/properties/records"},
                "include": {"$ref": "#/$defs/node/properties/include"},
                "checks": {"$ref": "#/$defs/node/properties/checks"},
                "format": {"$ref": "#/$defs/node/properties/format"},
                "skeleton": {"$ref": "#/$defs/scalar", "description": "xml: the document with holes, a file beside template.yaml."},
                "schemas": {"type": "array", "items": {"$ref": "#/$defs/scalar"}, "description": "xml: XSD files beside template.yaml."},
                "control_totals": {
                  "type": "object",
                  "additionalProperties": {
                    "type": "object",
                    "additionalProperties": false,
                    "properties": {"selected": {"$ref": "#/$defs/expression"}, "written": {"$ref": "#/$defs/expression"}},
                    "required": ["selected", "written"]
                  },
                  "description": "Sums that must agree between what was selected and what was written."
                },
                "mixed_currencies": {"$ref": "#/$defs/bool", "description": "Says that summing over currencies is meant."}
              },
              "required": ["name"],
              "not": {
                "anyOf": [
                  {"required": ["fields", "lines"]},
                  {"required": ["fields", "names_of"]},
                  {"required": ["fields", "records"]},
                  {"required": ["fields", "include"]},
                  {"required": ["fields", "skeleton"]},
                  {"required": ["lines", "names_of"]},
                  {"required": ["lines", "records"]},
                  {"required": ["lines", "include"]},
                  {"required": ["lines", "skeleton"]},
                  {"required": ["names_of", "records"]},
                  {"required": ["names_of", "include"]},
                  {"required": ["names_of", "skeleton"]},
                  {"required": ["records", "include"]},
                  {"required": ["records", "skeleton"]},
                  {"required": ["include", "skeleton"]}
                ]
              },
              "dependentRequired": {"group_by": ["for_each"]}
            },
            "type": {
              "anyOf": [{"enum": ["string", "int", "decimal", "bool", "date"]}, {"type": "string", "pattern": "^optional (string|int|decimal|bool|date)$"}],
              "description": "A type; optional before it where there may be none."
            },
            "parameter": {
              "anyOf": [
                {"$ref": "#/$defs/type"},
                {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {
                    "type": {"$ref": "#/$defs/type"},
                    "default": {"$ref": "#/$defs/scalar"},
                    "min": {"$ref": "#/$defs/scalar"},
                    "max": {"$ref": "#/$defs/scalar"},
                    "pattern": {"$ref": "#/$defs/scalar"}
                  },
                  "required": ["type"]
                }
              ]
            },
            "decimals": {"$ref": "#/$defs/int", "description": "Decimals that are written; more in a value are an error, never rounded."},
            "decimal_mark": {"enum": [".", ",", "implied"], "description": "implied: no mark, the last digits are decimals."},
            "sign": {
              "enum": ["minus", "plus_minus", "trailing_minus", "trailing_plus_minus", "overpunch", "unsigned"],
              "description": "How a sign is written; unsigned refuses values below zero."
            },
            "align": {"enum": ["left", "right"]},
            "pad": {"$ref": "#/$defs/scalar", "description": "One character that fills the width."},
            "field_pattern": {"$ref": "#/$defs/scalar", "description": "yyyy MM dd HH mm ss for dates, 0.00## for numbers; for this field alone."},
            "field_overflow": {
              "enum": ["reject", "cut"],
              "description": "What does not fit its field or max: a text may be cut, which is counted; reject says that such a row is meant to be rejected."
            },
            "field_max": {"$ref": "#/$defs/int", "description": "The most characters of a text."},
            "field_absent": {"$ref": "#/$defs/scalar", "description": "What an absent value becomes."},
            "value": {
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "value": {"$ref": "#/$defs/field/properties/value"},
                "text": {"$ref": "#/$defs/field/properties/text"},
        \#(form)
              },
              "not": {"required": ["value", "text"]}
            },
            "values": {
              "type": "object",
              "additionalProperties": {"anyOf": [{"$ref": "#/$defs/expression"}, {"$ref": "#/$defs/value"}]},
              "description": "Values of a layout's columns, by name or number."
            },
            "checks": {
              "type": "array",
              "items": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                  "that": {"$ref": "#/$defs/expression", "description": "What must hold."},
                  "message": {"$ref": "#/$defs/template", "description": "What is said when it does not."}
                },
                "required": ["that"]
              },
              "description": "Conditions; a failing one rejects the document, outside of documents the batch."
            }
          }
        }
        """#

    /// How a value is written: the keys that fields and texts of a record share.
    private static let form = #"""
                "pattern": {"$ref": "#/$defs/field_pattern"},
                "decimals": {"$ref": "#/$defs/decimals"},
                "decimal_mark": {"$ref": "#/$defs/decimal_mark"},
                "sign": {"$ref": "#/$defs/sign"},
                "align": {"$ref": "#/$defs/align"},
                "pad": {"$ref": "#/$defs/pad"},
                "overflow": {"$ref": "#/$defs/field_overflow"},
                "max": {"$ref": "#/$defs/field_max"},
                "absent": {"$ref": "#/$defs/field_absent"},
                "unmappable": {"$ref": "#/$defs/unmappable"},
                "control_characters": {"$ref": "#/$defs/controls"},
                "formulas": {"$ref": "#/$defs/formulas"},
                "quote": {"$ref": "#/$defs/quote"}
        """#
}
