"""What projections rest on, for their pages."""

REFERENCES = (
    "W. Hoeffding, J. Am. Stat. Assoc. 58, 13 (1963): shots for an error and a confidence.",
    "G. Brassard, P. Hoyer, M. Mosca, A. Tapp, arXiv:quant-ph/0005055: amplitude amplification "
    "and estimation.",
    "D. Patel, S. Tan, Y. Subasi, A. Sornborger, arXiv:2403.18927: phase estimation with prolate "
    "windows.",
    "J. van Apeldoorn, A. Cornelissen, A. Gilyen, G. Nannicini, arXiv:2207.08800: reading a whole "
    "vector.",
    "S. Aaronson, Nat. Phys. 11, 291 (2015): the fine print of quantum linear solvers.",
    "R. Babbush, J. McClean, M. Newman, C. Gidney, S. Boixo, H. Neven, PRX Quantum 2, 010103 "
    "(2021): error correction against polynomial speedups.",
    "T. Hoefler, T. Haener, M. Troyer, arXiv:2307.00523: which speedups are practical.",
    "A. Dalzell et al., arXiv:2310.03011: costs from end to end.",
)
