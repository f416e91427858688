/* predict_input.c - looks at the first bytes of a file: is it a picture, or an array of samples? */
#include "predict_input.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { HEAD = 8, STREAM_MOST = 1 << 28 }; /* bytes: 256 MB */

static bool begins(const unsigned char *head, size_t n, const char *with, size_t length)
{
    return n >= length && memcmp(head, with, length) == 0;
}

static bool is_gzip(const unsigned char *head, size_t n)
{
    return begins(head, n, "\x1f\x8b", 2);
}

static bool is_picture(const unsigned char *head, size_t n)
{
    return begins(head, n, "\x89PNG", 4) || begins(head, n, "\xff\xd8\xff", 3);
}

static bool is_array(const unsigned char *head, size_t n)
{
    /* a telephone's pictures (HEIC) begin with two zeros as IDX does */
    const bool heic = n >= 8 && memcmp(head + 4, "ftyp", 4) == 0;
    return (begins(head, n, "\0\0", 2) && !heic) || begins(head, n, "\x93NUMPY", 6) ||
           begins(head, n, "PK\3\4", 4);
}

bool cli_input_may_be_text(const char *path, bool *picture)
{
    unsigned char head[HEAD];
    struct stat about;
    *picture = false;
    FILE *f = stat(path, &about) == 0 && S_ISREG(about.st_mode) ? fopen(path, "rb") : NULL;
    if (!f)
        return true;
    const size_t n = fread(head, 1, sizeof head, f);
    fclose(f);
    *picture = is_picture(head, n);
    const bool utf_16 = begins(head, n, "\xff\xfe", 2) || begins(head, n, "\xfe\xff", 2);
    return is_gzip(head, n) || utf_16 || !(*picture || is_array(head, n) || memchr(head, 0, n));
}

/* Says which kind of picture it is that cannot be read here (GIF, WebP), as the library tells; false where it is none
 * that it knows of. */
static bool say_other_picture(const cli_input *in, const char *path)
{
    uint8_t pixel;
    const rnl_status status =
        path ? rnl_read_picture(path, 1, 1, 1, false, &pixel)
             : rnl_decode_picture(in->bytes, in->size, in->name, 1, 1, 1, false, &pixel);
    const bool told = status == RNL_ERR_FORMAT && strstr(rnl_error_text(), "picture, but ");
    if (told)
        cli_error("%s", rnl_error_text());
    return told;
}

/* path: NULL for standard input */
static bool recognise(cli_input *in, const unsigned char *head, size_t n, const char *path)
{
    static const char expected[] =
        "a PNG or JPEG picture, samples (IDX, npy, npz, svmlight), or a table "
        "in a file whose name ends in .csv or the like";
    const bool picture = is_picture(head, n);
    bool samples = is_gzip(head, n) || is_array(head, n);
    rnl_data_format format;
    if (!picture && !samples && path && rnl_data_recognise(path, &format) == RNL_OK)
        samples = format == RNL_FORMAT_SVMLIGHT;
    in->kind = picture ? CLI_INPUT_PICTURE : CLI_INPUT_SAMPLES;
    if (n == 0)
        cli_error("%s: it is empty; expected %s", in->name, expected);
    else if (!picture && !samples && !say_other_picture(in, path))
        cli_error("%s: expected %s", in->name, expected);
    return picture || samples;
}

static bool fail(const cli_input *in)
{
    cli_error("%s: %s", in->name, strerror(errno));
    return false;
}

/* Takes in all of what can be read once only. */
static bool take_stream(cli_input *in, FILE *f)
{
    size_t room = 0, n;
    do {
        if (in->size == room) {
            room = room ? 2 * room : 1 << 16;
            void *larger = realloc(in->bytes, room);
            if (!larger)
                return fail(in);
            in->bytes = larger;
        }
        n = fread((char *)in->bytes + in->size, 1, room - in->size, f);
        in->size += n;
    } while (n > 0 && in->size <= STREAM_MOST);
    if (ferror(f))
        return fail(in);
    if (in->size > STREAM_MOST) {
        cli_error("%s: more than %d MB", in->name, STREAM_MOST >> 20);
        return false;
    }
    return recognise(in, in->bytes, in->size, NULL);
}

static bool look_at_file(cli_input *in, FILE *f, const char *path)
{
    unsigned char head[HEAD];
    const size_t n = fread(head, 1, sizeof head, f);
    return ferror(f) /* a folder, for one */ ? fail(in) : recognise(in, head, n, path);
}

bool cli_input_open(cli_input *in, const char *path)
{
    *in = (cli_input){.name = path};
    if (strcmp(path, "-") == 0) {
        in->name = "standard input";
        return take_stream(in, stdin);
    }
    struct stat about;
    FILE *f = fopen(path, "rb");
    if (!f)
        return fail(in);
    const bool once = fstat(fileno(f), &about) == 0 && S_ISFIFO(about.st_mode);
    const bool good = once ? take_stream(in, f) : look_at_file(in, f, path);
    fclose(f);
    return good;
}

void cli_input_close(cli_input *in)
{
    free(in->bytes);
    *in = (cli_input){0};
}
