/* net_digest.c - by what a network is known: its parameters and state */
#include "net_digest.h"

#include <string.h>

uint64_t cli_mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static uint64_t mix_block(uint64_t hash, rnl_matrix block)
{
    for (size_t i = 0; i < block.rows; i++) {
        for (size_t j = 0; j < block.cols; j++) {
            const size_t at = i * block.ld + j;
            const double number = block.dtype == RNL_F64 ? ((const double *)block.data)[at]
                                                         : ((const float *)block.data)[at];
            uint64_t bits;
            memcpy(&bits, &number, sizeof bits);
            hash = cli_mix(hash ^ bits);
        }
    }
    return hash;
}

uint64_t cli_net_digest(uint64_t hash, const rnl_net *net)
{
    for (size_t k = 0; k < rnl_net_parameter_count(net); k++)
        hash = mix_block(hash, rnl_net_parameter(net, k).value);
    for (size_t k = 0; k < rnl_net_state_count(net); k++)
        hash = mix_block(hash, rnl_net_state(net, k).value);
    return hash;
}
