import Raster

/// The two kinds of lines that tell a grown face from a young one: from the nose to beside the mouth, and below the
/// eyes. Each is looked for as one whole line along the way that it has on every face, since pieces of a ridge would
/// be drawn as scars.
///
/// A smile folds young cheeks and lids too. So the more a face smiles the less its lines tell.
struct AgeLines {
    /// How surely the face has lines of age, 0…1.
    let evidence: Double
    /// The lines themselves, which only a face with evidence should be given.
    let folds: [SkinFolds.Fold]

    /// How far to either side of its usual way a line may lie, and the scale of its ridge; in units.
    private static let reach = (smile: 0.13, eyeBag: 0.09), scale = 0.022
    /// From the lower lid down to the line below it, in units.
    private static let belowLid = 0.17
    /// Depth of the dip over the lightness about it from which on a line tells, and from which on it is drawn: of 60
    /// portraits those of young faces that do not smile reached 0.034 beside the mouth, and 0.05 below one eye.
    private static let tells = (low: 0.038, high: 0.058), drawn = (smile: 0.018, eyeBag: 0.038)
    /// Lines below the eyes tell nothing without some beside the mouth.
    private static let supported = (low: 0.008, high: 0.02)
    /// Height of the mouth's corners below the nose, and the mouth's width, in units: a smile draws them up and apart.
    private static let smiling = (height: (low: 0.22, high: 0.29), width: (low: 0.95, high: 1.08))

    /// - Parameters:
    ///   - light: lightness (0…100) in the face's window.
    ///   - taken: where there are lines already.
    ///   - wearsGlasses: their rims would be taken for lines below the eyes.
    init(
        _ mesh: FaceMesh, _ axes: FaceAxes, _ window: CoverageWindow, light: Plane, taken: ShapeMask,
        wearsGlasses: Bool
    ) {
        let band = CourseBand(light, taken: taken, scale: Self.scale * axes.unit, axes, window)
        let smiles = MeshPoints.smileCourse.map { numbers in
            band.line(curve(mesh.points(numbers), count: 80), reach: Self.reach.smile)
        }
        let bags = MeshPoints.lowerLid.map { numbers in
            let lid = curve(mesh.points(numbers), count: 60)[6..<54]
            return band.line(lid.map { $0 + axes.down * (Self.belowLid * axes.unit) }, reach: Self.reach.eyeBag)
        }
        let (left, right) = (max(smiles[0].depth, 0), max(smiles[1].depth, 0))
        let corners = mesh.points(MeshPoints.mouthCorners), off = corners.mean - mesh.points[MeshPoints.noseBase]
        let (calm, wide) = (Self.smiling.height, Self.smiling.width)
        let isCalm = smooth(calm.low, calm.high, dot(off, axes.down) / axes.unit)
        let cheeks =
            smooth(Self.tells.low, Self.tells.high, (left * right).squareRoot())
            * (1 - smooth(wide.low, wide.high, (corners[1] - corners[0]).length / axes.unit))
        let eyes =
            smooth(Self.tells.low, Self.tells.high, min(bags[0].depth, bags[1].depth))
            * smooth(Self.supported.low, Self.supported.high, (left + right) / 2)
        evidence = isCalm * max(cheeks, wearsGlasses ? 0 : eyes)
        var folds: [SkinFolds.Fold] = []
        // One alone would be a scar.
        let hasBoth = min(left, right) > Self.drawn.smile
        for (side, half) in [-1, 1].enumerated() {
            if hasBoth { folds.append(Self.fold(smiles[side], .smile, half)) }
            guard !wearsGlasses, bags[side].depth > Self.drawn.eyeBag else { continue }
            folds.append(Self.fold(bags[side], .eyeBag, half))
        }
        self.folds = folds
    }

    private static func fold(_ line: CourseLine, _ zone: SkinFolds.Zone, _ half: Int) -> SkinFolds.Fold {
        SkinFolds.Fold(zone: zone, half: half, line: line.points, strength: line.mean, length: line.length)
    }
}
