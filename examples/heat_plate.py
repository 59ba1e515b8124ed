"""Assemble the linear system of a heated plate by finite elements and write it as two files.

Steady heat conduction in an L-shaped steel plate, 20 cm wide and 1 cm thick. The left edge is
welded to a wall at 20 degrees Celsius, the top and bottom faces lose heat to still air at the
same temperature, and the foot of the L is heated evenly with 200 W:

    -k d Laplace(u) + 2 h u = q,   u = 0 on the wall,

u being the temperature above the wall's in kelvin. Linear triangles; after the nodes on the wall
are eliminated, the unknowns are the temperatures at the others. scikit-fem makes the mesh and
assembles the matrix.

Run: ``python examples/heat_plate.py`` (needs scikit-fem).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import scipy.io
import skfem
from skfem.helpers import dot, grad

WIDTH = 0.2  # m
THICKNESS = 0.01  # m
CONDUCTIVITY = 45.0  # W / (m K), carbon steel
HEAT_TRANSFER = 10.0  # W / (m^2 K), still air
HEATING = 200.0  # W

COMMENT = (
    "Steady heat conduction in an L-shaped steel plate, linear triangles (examples/heat_plate.py). "
)


@skfem.BilinearForm
def conduction(u: Any, v: Any, _: Any) -> Any:
    """Heat flow inside the plate and through its two faces, W / K."""
    return CONDUCTIVITY * THICKNESS * dot(grad(u), grad(v)) + 2 * HEAT_TRANSFER * u * v


@skfem.LinearForm
def heating(v: Any, w: Any) -> Any:
    """Heat supplied evenly to the lower right square of the L, W."""
    heated = (w.x[0] > WIDTH / 2) & (w.x[1] < WIDTH / 2)
    return HEATING / (WIDTH / 2) ** 2 * heated * v


def assemble(refinements: int) -> tuple[skfem.MeshTri, Any, skfem.CellBasis]:
    """Mesh the plate and find its free nodes."""
    mesh = skfem.MeshTri.init_lshaped().refined(refinements)
    # scikit-fem's L fills three quadrants of [-1, 1]^2; move it so that the foot is lower right.
    mesh = mesh.translated((1.0, 1.0)).scaled(WIDTH / 2)
    basis = skfem.Basis(mesh, skfem.ElementTriP1())
    wall = mesh.nodes_satisfying(lambda x: np.isclose(x[0], 0.0))
    return mesh, basis.complement_dofs(wall), basis


def main() -> None:
    """Write heat_plate_A.mtx and heat_plate_b.mtx."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--refine", type=int, default=2, help="mesh refinements (2)")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "data")
    options = parser.parse_args()
    mesh, free, basis = assemble(options.refine)
    A = conduction.assemble(basis)[free][:, free]
    b = heating.assemble(basis)[free]
    options.out.mkdir(parents=True, exist_ok=True)
    scipy.io.mmwrite(options.out / "heat_plate_A.mtx", A, comment=COMMENT + "W/K.", precision=15)
    scipy.io.mmwrite(
        options.out / "heat_plate_b.mtx", b[:, None], comment=COMMENT + "W.", precision=15
    )
    temperature = np.linalg.solve(A.toarray(), b)
    print(f"{mesh.nvertices} nodes, {len(free)} unknowns, kappa {np.linalg.cond(A.toarray()):.1f}")
    print(f"hottest node {temperature.max():.1f} K above the wall")


if __name__ == "__main__":
    main()
