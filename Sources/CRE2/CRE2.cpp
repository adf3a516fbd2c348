#include "CRE2.h"

#include <cstring>
#include <re2/re2.h>

struct CRE2Pattern {
    RE2 expression;

    CRE2Pattern(const re2::StringPiece &text, const RE2::Options &options)
        : expression(text, options) {}
};

// Memory for a pattern and its automata, so that no pattern can ask for more.
static const int64_t maximumMemory = 4 << 20;

CRE2Pattern *cre2_compile(const char *pattern, size_t length, char *message, size_t capacity) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(maximumMemory);
    CRE2Pattern *compiled = new CRE2Pattern(re2::StringPiece(pattern, length), options);
    if (compiled->expression.ok()) return compiled;
    const std::string &error = compiled->expression.error();
    const size_t count = error.size() < capacity ? error.size() : capacity - 1;
    std::memcpy(message, error.data(), count);
    message[count] = 0;
    delete compiled;
    return nullptr;
}

bool cre2_matches(const CRE2Pattern *pattern, const char *text, size_t length, bool whole) {
    return pattern->expression.Match(
        re2::StringPiece(text, length), 0, length,
        whole ? RE2::ANCHOR_BOTH : RE2::UNANCHORED, nullptr, 0
    );
}

void cre2_free(CRE2Pattern *pattern) { delete pattern; }
