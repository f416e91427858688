/* pages.c - mapped data that is larger than memory
 *
 * The kernel reads a mapped file's pages when they are touched and can drop them whenever it wants memory; but
 * until then they count as resident memory of the process, and a limit on that (of a batch system, of a container) would
 * end it. So what a set has touched is added up, and when it comes to RNL_RESIDENT_MOST the process lets go of
 * all pages of the mapping. They stay in the kernel's cache while that has room: touching one again costs a
 * fraction of a microsecond, not a read.
 *
 * A row counts with its own bytes; one that is drawn from anywhere, with the pages around it too, that the
 * kernel maps along with it (64 KiB). Smaller mappings are left alone. */
#define _GNU_SOURCE
#include "base/memory.h"
#include "data/dataset.h"

#include <stdatomic.h>
#include <sys/mman.h>

enum { AROUND = 1 << 16 };

struct rnl_pages {
    void *at;
    size_t size;
    atomic_size_t touched;
};

rnl_status rnl_dataset_take_input(rnl_dataset *set, rnl_input *input)
{
    if (input->mapping && input->size > RNL_RESIDENT_MOST) {
        struct rnl_pages *pages = rnl_alloc(1, sizeof *pages);
        if (!pages)
            return RNL_ERR_MEMORY;
        pages->at = input->mapping;
        pages->size = input->size;
        atomic_init(&pages->touched, 0);
        set->pages = set->owned_pages = pages;
    }
    set->input = *input;
    set->input.name = NULL; /* the path may not live as long */
    *input = (rnl_input){0};
    return RNL_OK;
}

void rnl_dataset_touch(const rnl_dataset *set, size_t rows, bool scattered)
{
    struct rnl_pages *pages = set->pages;
    size_t row;
    if (!pages)
        return;
    rnl_dataset_row_at(set, 0, &row);
    const size_t bytes = rows * (row + (scattered ? AROUND : 0));
    if (atomic_fetch_add(&pages->touched, bytes) + bytes < RNL_RESIDENT_MOST)
        return;
    atomic_store(&pages->touched, 0);
    madvise(pages->at, pages->size,
            MADV_DONTNEED); /* others may go on reading: their pages come back */
}
