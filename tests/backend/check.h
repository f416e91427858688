/* check.h - one harness for every kernel of every backend
 *
 * A case names a kernel, the backend it is taken from, a dtype, and its numbers; as text it reads
 *
 *     affine_forward/avx2/f32 n=7 in=33 out=10 gap=3 act=relu fill=plain seed=12
 *
 * and test_kernels takes that text as its argument to run the one case again. Everything else follows
 * from the text. Running a case means:
 *
 *   - matrices whose rows lie `gap` or fewer numbers apart, that begin at odd places, and whose
 *     surroundings hold poison (NaN or a number that every kernel would change);
 *   - outputs that are overwritten hold poison before;
 *   - the kernel called as serial code, then by teams of 1, 2, 3 and 4: the same bytes each time;
 *   - nothing but [rows, cols] of the outputs changed, inputs and surroundings kept byte for byte;
 *   - each result within the bound that error analysis gives around the formula of backend.h, computed
 *     in long double; NaN where the formula gives NaN, infinite where it gives infinity. */
#ifndef CHECK_H
#define CHECK_H

#include "backend/backend.h"
#include "base/random.h"

typedef enum check_field {
    F_N,
    F_IN,
    F_OUT,
    F_COLS,
    F_GAP,
    F_ACT,     /* rnl_activation */
    F_ADD,     /* 0, 1 */
    F_ALPHA,   /* any number */
    F_ARG,     /* a kernel's own number: slope, share, smoothing, ...; 0 where it has none */
    F_TARGETS, /* rnl_target_kind */
    F_GIVE,    /* softmax_loss: losses and dx, losses alone, dx alone */
    F_INPLACE, /* the output is the input */
    F_FILL,    /* check_fill */
    F_SEED,
    FIELDS
} check_field;

typedef enum check_fill {
    FILL_PLAIN,   /* normal numbers */
    FILL_SPECIAL, /* among them NaN, infinities, zeros, very large and very small ones */
    FILL_TIES,    /* small whole numbers */
    FILL_SPARSE,  /* four fifths zeros, as in pictures of digits */
    FILLS
} check_fill;

typedef struct check_kernel check_kernel;

typedef struct check_case {
    const check_kernel *kernel;
    char backend[12];
    rnl_dtype dtype;
    double field[FIELDS];
} check_case;

enum { CHECK_TEXT = 240 };

/* A case as text, and back. parse: false where the text is no case; *why then says what is wrong. */
void check_print(const check_case *c, char text[CHECK_TEXT]);
bool check_parse(check_case *c, const char *text, char why[CHECK_TEXT]);

/* The kernel sets that this build has and this processor can run, by name; NULL after the last. */
typedef struct check_backend {
    const char *name;
    const rnl_kernel_set *kernels;
} check_backend;
const check_backend *check_backends(void);

/* Runs cases with the kernels of `table`: serially, and then each team all of them in a row, as threads take
 * longer to begin than most cases. Returns the first that went wrong, `why` says how; or count. */
size_t check_run(const check_case *cases, size_t count, const rnl_kernels *table,
                 char why[CHECK_TEXT]);

/* ---- for the descriptions of the kernels, check_*.c ------------------------------------------------ */

typedef enum check_role { INPUT, OUTPUT, UPDATED } check_role; /* UPDATED: read, then written */
/* TYPE_LINES: reals in rows that begin with cache lines; what lies between them is there, and poison. */
typedef enum check_type { TYPE_REAL, TYPE_F64, TYPE_I32, TYPE_U8, TYPE_LINES } check_type;

/* One matrix of a case, or a vector (rows = 1). */
typedef struct check_buffer {
    check_role role;
    size_t element; /* bytes of one */
    bool whole;     /* int32_t or uint8_t, not floating point */
    rnl_matrix m;   /* data, rows, cols, ld */
    char *block, *before, *first;
    size_t bytes;
    long double *want; /* [rows, cols], of outputs */
    double *bound;     /* how far from it a result may be */
} check_buffer;

enum { CHECK_BUFFERS = 8 };

typedef struct check_test {
    const check_case *c;
    rnl_random random;
    double u; /* unit roundoff of the dtype: a rounding is off by at most u |result| */
    double
        tiny; /* the smallest number above zero: a result below the normal range is off by at most that */
    size_t buffers;
    check_buffer buffer[CHECK_BUFFERS];
    rnl_targets targets;
    rnl_arena arena; /* of sparse, freed after the case */
    rnl_sparse sparse;
    bool passes_over_zeros; /* 0 * inf may be left out of a sum */
} check_test;

#define CHECK_BIT(field) (1u << (field))

struct check_kernel {
    const char *name;
    unsigned fields; /* which of check_field, as bits */
    void (*setup)(check_test *t);
    void (*call)(check_test *t, const rnl_kernels *k);
    void (*expect)(check_test *t);
};

/* All kernels of the table; name NULL after the last. */
extern const check_kernel check_affine_kernels[], check_row_kernels[], check_sparse_kernels[],
    check_activation_kernels[], check_norm_kernels[], check_loss_kernels[], check_update_kernels[];
const check_kernel *check_kernel_at(size_t i); /* of all lists; NULL after the last */

static inline size_t check_size(const check_test *t, check_field f)
{
    return (size_t)t->c->field[f];
}

enum {
    CHECK_ROWS = CHECK_BIT(F_N) | CHECK_BIT(F_COLS) | CHECK_BIT(F_GAP) | CHECK_BIT(F_FILL) |
                 CHECK_BIT(F_SEED),
    CHECK_MAP = CHECK_ROWS | CHECK_BIT(F_INPLACE)
};

/* F_ARG as the kernel knows it: rounded to the dtype. */
static inline long double check_arg(const check_test *t)
{
    const double arg = t->c->field[F_ARG];
    return t->c->dtype == RNL_F64 ? (long double)arg : (long double)(float)arg;
}

/* The next buffer, [rows, cols]: inputs filled as `fill` says, or by a `fill_by` afterwards. */
check_buffer *check_matrix(check_test *t, check_role role, check_type type, size_t rows,
                           size_t cols, check_fill fill);
/* Element (i, j) as it was before the call, and a way to set it during setup. */
long double check_before(const check_buffer *b, size_t i, size_t j);
void check_set(check_buffer *b, size_t i, size_t j, double value);
/* Element (i, j) of an output shall be `want`, give or take `bound`. */
void check_want(check_buffer *b, size_t i, size_t j, long double want, long double bound);
/* Element (i, j) may be anything. */
void check_want_nothing(check_buffer *b, size_t i, size_t j);

/* What affine_forward and affine_backward_params share with their sparse kin. */
void check_affine_forward_setup(check_test *t);
void check_affine_forward_expect(check_test *t);
void check_affine_params_setup(check_test *t);
void check_affine_params_expect(check_test *t);

#endif
