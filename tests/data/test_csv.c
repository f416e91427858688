/* test_csv.c - records, cells and numbers of tables' text */
#include "base/random.h"
#include "data/csv.h"
#include "in_use.h"

#include <locale.h>
#include <math.h>

static rnl_input text_input(const char *text)
{
    return (rnl_input){.name = "x.csv", .bytes = (const uint8_t *)text, .size = strlen(text)};
}

/* All cells, "[cell][cell]/[cell]...", or the error. */
static const char *cells_of(const char *text, char separator)
{
    static char out[1024];
    const rnl_input input = text_input(text);
    rnl_csv csv;
    rnl_record r;
    size_t used = 0;
    rnl_status status = rnl_csv_open(&csv, &input, separator);
    while (status == RNL_OK && (status = rnl_csv_next(&csv, &r)) == RNL_OK && r.at) {
        const char *p = r.at;
        used += (size_t)sprintf(out + used, "%s%d:", used ? " " : "", (int)csv.line);
        for (size_t j = 0;; j++, p++) {
            rnl_cell cell;
            if ((status = rnl_csv_cell(&csv, &r, j, &p, &cell)) != RNL_OK)
                break;
            used += (size_t)sprintf(out + used, "[%.*s]", (int)cell.length, cell.at);
            if (p == r.end)
                break;
        }
    }
    rnl_csv_close(&csv);
    if (status != RNL_OK)
        sprintf(out, "%s", rnl_error_text());
    return out;
}

static void cuts_records_and_cells(void **state)
{
    (void)state;
    assert_string_equal(cells_of("a,b\n1,2\n", ','), "1:[a][b] 2:[1][2]");
    assert_string_equal(cells_of("a,b\r\n1,2", ','), "1:[a][b] 2:[1][2]");
    assert_string_equal(cells_of("\xef\xbb\xbf"
                                 "a,b\n\n \n,\n",
                                 ','),
                        "1:[a][b] 4:[][]");
    assert_string_equal(cells_of(" a , \"b \" ,c\td\n", ','), "1:[a][b ][c\td]");
    assert_string_equal(cells_of("a\t b\t\t\n", '\t'), "1:[a][b][][]");
    assert_string_equal(cells_of("\"a,\n\"\"b\"\"\",5\" pipe\nx,y", ','),
                        "1:[a,\n\"b\"][5\" pipe] 3:[x][y]");
    assert_string_equal(cells_of("\"\",\"\"\n", ','), "1:[][]");
    assert_string_equal(cells_of("\"a\"", ','), "1:[a]");
    assert_string_equal(cells_of("a;b|c", ';'), "1:[a][b|c]");
}

static void tells_what_is_wrong(void **state)
{
    (void)state;
    assert_string_equal(cells_of("a,b\nc,\"d\n\n", ','),
                        "x.csv, line 2: a quote opens a cell in this record and nothing closes it");
    assert_string_equal(cells_of("a,b\nc,\"d\"e\n", ','),
                        "x.csv, line 2, column 2: found 'e' behind the quote that closes the cell, "
                        "expected , or the end of the line (a quote inside is written twice)");
    assert_non_null(strstr(cells_of("\xff\xfe"
                                    "a",
                                    ','),
                           "UTF-16"));
    static const char *const macs[] = {"a,b\r1,2\r3,4\r", "a,b\r1,2", "\"a\",\"b\"\r1,\"x\ny\"\r",
                                       "a\r\"b\""};
    for (size_t i = 0; i < sizeof macs / sizeof macs[0]; i++)
        assert_string_equal(cells_of(macs[i], ','),
                            "x.csv: its lines end in CR alone, as on old Macs, expected LF or CR "
                            "LF (tr '\\r' '\\n' makes it so)");
    assert_string_equal(cells_of("a,\"b\r\"\r", ','), "1:[a][b\r]");
    assert_string_equal(cells_of("a,b\rc\n1,2\n", ','), "1:[a][b\rc] 2:[1][2]");
    assert_string_equal(cells_of("a,b\n1,c\rd", ','), "1:[a][b] 2:[1][c\rd]");
    static const char *const zeros[] = {"a,\0bcd\n", "a,\"\0b\"\n", "a,\"b\0\"\n"};
    for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++) {
        const rnl_input zero = {.name = "x.csv", .bytes = (const uint8_t *)zeros[i], .size = 7};
        rnl_csv csv;
        rnl_record r;
        size_t cells;
        assert_int_equal(rnl_csv_open(&csv, &zero, ','), RNL_OK);
        assert_int_equal(rnl_csv_next(&csv, &r), RNL_OK);
        assert_error(rnl_csv_count(&csv, &r, &cells), RNL_ERR_FORMAT,
                     "line 1, column 2: found a byte 00");
        rnl_csv_close(&csv);
    }
}

/* A pipe gives the same records, wherever its pieces end, and each as soon as it is whole. */
static void reads_pipes(void **state)
{
    (void)state;
    static const char text[] = "\xef\xbb\xbf"
                               "a,\"b\n\"\"\"\n1,2\r\n3,4";
    for (size_t cut = 0; cut < sizeof text; cut++) {
        int ends[2];
        rnl_csv csv;
        rnl_record r;
        size_t rows = 0;
        assert_int_equal(pipe(ends), 0);
        assert_int_equal(write(ends[1], text, cut), cut);
        if (cut == 0)
            assert_int_equal(write(ends[1], text, sizeof text - 1), sizeof text - 1);
        else
            assert_int_equal(write(ends[1], text + cut, sizeof text - 1 - cut),
                             sizeof text - 1 - cut);
        assert_int_equal(close(ends[1]), 0);
        assert_int_equal(rnl_csv_open_fd(&csv, ends[0], "pipe", ','), RNL_OK);
        while (rnl_csv_next(&csv, &r) == RNL_OK && r.at)
            rows++;
        assert_int_equal(rows, 3);
        rnl_csv_close(&csv);
        close(ends[0]);
    }
    int ends[2];
    rnl_csv csv;
    rnl_record r;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "1,2\n3", 5), 5);
    assert_int_equal(rnl_csv_open_fd(&csv, ends[0], "pipe", ','), RNL_OK);
    assert_true(rnl_csv_has_next(&csv));
    assert_int_equal(rnl_csv_next(&csv, &r), RNL_OK);
    assert_false(rnl_csv_has_next(&csv)); /* and the pipe is still open */
    assert_int_equal(write(ends[1], ",4\n", 3), 3);
    assert_int_equal(rnl_csv_next(&csv, &r), RNL_OK);
    assert_memory_equal(r.at, "3,4", 3);
    rnl_csv_close(&csv);
    close(ends[0]);
    close(ends[1]);
}

static void endless_lines_are_refused(void **state)
{
    (void)state;
    const size_t size = RNL_CSV_LONGEST + 1000;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, 'x', size);
    for (int quoted = 0; quoted < 2; quoted++) {
        const rnl_input input = {.name = "x.csv", .bytes = (const uint8_t *)text, .size = size};
        rnl_csv csv;
        rnl_record r;
        text[0] = quoted ? '"' : 'x';
        text[size - 1] = quoted ? '\n' : 'x';
        assert_int_equal(rnl_csv_open(&csv, &input, ','), RNL_OK);
        assert_error(rnl_csv_next(&csv, &r), RNL_ERR_FORMAT, "without an end");
        rnl_csv_close(&csv);
    }
    const rnl_input mac = {.name = "x.csv", .bytes = (const uint8_t *)text, .size = size};
    rnl_csv csv;
    rnl_record r;
    text[0] = 'x';
    text[10] = '\r';
    assert_int_equal(rnl_csv_open(&csv, &mac, ','), RNL_OK);
    assert_error(rnl_csv_next(&csv, &r), RNL_ERR_UNSUPPORTED, "x.csv: its lines end in CR alone");
    rnl_csv_close(&csv);
    free(text);
}

/* ---- numbers ------------------------------------------------------------------------------------------ */

static void check_number(const char *text)
{
    char line[64];
    float got, expected = strtof(text, NULL);
    snprintf(line, sizeof line, "%s,", text);
    const char *end = rnl_csv_number(line, &got);
    if (!end || end != line + strlen(text) || memcmp(&got, &expected, sizeof got) != 0)
        fail_msg("%s: %.9g, expected %.9g", text, end ? (double)got : 0.0, (double)expected);
}

static void numbers_are_rounded_to_the_nearest(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "0",
        "-0",
        "+1",
        "1.",
        ".5",
        "1e5",
        "1E-5",
        "0.1",
        "16777217",
        "16777219",
        "9007199254740993",
        "1.00000005960464477539062",
        "1.000000059604644775390625",
        "1.00000005960464477539063",
        "3.4028235e38",
        "3.4028236e38",
        "1e39",
        "-1e39",
        "1e-38",
        "1.4e-45",
        "7e-46",
        "7.1e-46",
        "1e-400",
        "0.000000000000000000000000000000000000000000001",
        "123456789012345678901234567890",
        "1.17549429e-38",
        "1.17549435e-38",
        "00000000000000000000000001.5",
        "1e00000000001",
        "2.22507385850720113605740979670913197593481954635164564e-308",
        "8388608.5",
        "8388609.5",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        check_number(texts[i]);
    rnl_random r = rnl_random_new(1, 0);
    for (int i = 0; i < 200000; i++) {
        char text[64];
        const uint32_t bits = (uint32_t)rnl_random_u64(&r);
        float number;
        memcpy(&number, &bits, sizeof number);
        if (!isfinite(number))
            continue;
        snprintf(text, sizeof text, "%.*g", 1 + i % 20, (double)number);
        check_number(text);
        /* near the middle between two floats */
        float next = nextafterf(number, INFINITY);
        snprintf(text, sizeof text, "%.*g", 15 + i % 6, ((double)number + (double)next) / 2);
        check_number(text);
        snprintf(text, sizeof text, "%.*f", i % 8, rnl_random_uniform(&r) * 1000);
        check_number(text);
    }
}

static void what_is_no_number(void **state)
{
    (void)state;
    static const char *const texts[] = {"",    "-", ".",   "+.",  "e5",   "1e",
                                        "1e+", "x", "nan", "inf", "-inf", "0x10"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        float number;
        const rnl_cell cell = {texts[i], strlen(texts[i]), false};
        if (rnl_cell_number(&cell, &number))
            fail_msg("%s was taken for a number", texts[i]);
    }
    static const struct {
        const char *text, *decimal, *grouped;
    } commas[] = {
        {"-1,5", "-1.5", ""},
        {"2,288", "2.288", "2288"},
        {"-1,234,567", "", "-1234567"},
        {"0,288", "0.288", ""},
        {"1,234.5", "", "1234.5"},
        {"1234,567", "1234.567", ""},
        {"1,2345", "1.2345", ""},
        {"+12,345e1", "+12.345e1", "+12345e1"},
        {"1,5,2", "", ""},
        {"1,234,56", "", ""},
        {"1.5,234", "", ""},
        {"1.234,5", "1234.5", ""},
        {"-1.234.567", "-1234567", ""},
        {"1.234", "", ""},
        {",234", ".234", ""},
        {"1,", "1.", ""},
        {"1,234.", "", "1234."},
        {"a,b", "", ""},
        {"1", "", ""},
        {"", "", ""},
        {",", "", ""},
        {"-", "", ""},
    };
    for (size_t i = 0; i < sizeof commas / sizeof commas[0]; i++) {
        const rnl_cell cell = {commas[i].text, strlen(commas[i].text), false};
        rnl_comma_number readings;
        assert_int_equal(rnl_cell_comma_number(&cell, &readings),
                         *commas[i].decimal || *commas[i].grouped);
        assert_string_equal(readings.decimal, commas[i].decimal);
        assert_string_equal(readings.grouped, commas[i].grouped);
    }
    char digits[RNL_CELL_SHOWN + 1] = "1,";
    memset(digits + 2, '3', RNL_CELL_SHOWN - 2);
    rnl_comma_number readings;
    assert_false(rnl_cell_comma_number(&(rnl_cell){digits, RNL_CELL_SHOWN, false}, &readings));
}

static void missing_values(void **state)
{
    (void)state;
    static const char *const yes[] = {"",    "NA",  "<NA>", "N/A",  "n/a",  "#N/A",
                                      "nan", "NaN", "NAN",  "null", "NULL", "?"};
    static const char *const no[] = {"na", "none", "0", "-", "Na", "nano"};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        assert_true(rnl_cell_is_missing(&(rnl_cell){yes[i], strlen(yes[i]), false}));
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        assert_false(rnl_cell_is_missing(&(rnl_cell){no[i], strlen(no[i]), false}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_records_and_cells),
        cmocka_unit_test(tells_what_is_wrong),
        cmocka_unit_test(reads_pipes),
        cmocka_unit_test(endless_lines_are_refused),
        cmocka_unit_test(numbers_are_rounded_to_the_nearest),
        cmocka_unit_test(what_is_no_number),
        cmocka_unit_test(missing_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
