import Raster

/// The mouth of one face, found in the photograph that is drawn.
///
/// A network of this size draws the mouth that most faces have: a white crescent for a smile, and a line whose ends
/// hang for one at rest. So teeth and the line between the lips are found as the painter that it learned from finds
/// them (Models/training/painter/mouth.py), and drawn into its drawing before anything is decided.
struct Mouth {
    enum Kind {
        case closed(ClosedMouth)
        case smiling(Teeth)
    }

    let view: MouthView
    let kind: Kind
    /// Lab of the photographed lips, and of the skin beside them.
    let lips: SIMD3<Float>
    let beside: SIMD3<Float>?

    /// Coverage from which on a pixel is one of lips.
    static let covered: Float = 0.7
    /// Height of the mesh's opening, in units, from which on a mouth may be open, and up to which it may be closed.
    private static let open = 0.0375, closed = 0.075
    /// By how much one half of the lips may be redder than the other, each beside the skin; half a mouth may lie behind
    /// a hand or a cup.
    private static let uneven: Float = 13
    /// Outlines about the lips between which the skin beside them lies, in units.
    private static let around = (inner: 0.035, outer: 0.11)

    /// - Parameters:
    ///   - photograph: of one face.
    ///   - mesh: in its pixels.
    /// - Returns: `nil` where it could not be told how the mouth looks.
    init?(_ photograph: Bitmap, mesh: FaceMesh) {
        guard let view = MouthView(photograph, mesh: mesh) else { return nil }
        let isOpen = view.opening > Self.open, places = view.lips
        func isLip(_ index: Int) -> Bool {
            places.whole[index] - (isOpen ? places.between[index] : 0) > Self.covered
        }
        guard let lips = view.median(isLip), Self.isWhole(view, isLip) else { return nil }
        let near = view.window.polygon(view.ring(grownBy: Self.around.inner))
        let far = view.window.polygon(view.ring(grownBy: Self.around.outer))
        if isOpen, let teeth = Teeth(view, lips: lips) {
            kind = .smiling(teeth)
        } else if view.opening < Self.closed, let closed = ClosedMouth(view) {
            kind = .closed(closed)
        } else {
            return nil
        }
        (self.view, self.lips) = (view, lips)
        beside = view.median { far[$0] > 0.5 && near[$0] < 0.1 }
    }

    /// Whether both halves of the lips are of about one redness.
    private static func isWhole(_ view: MouthView, _ isLip: (Int) -> Bool) -> Bool {
        let middle = (view.upper[MouthView.columns / 2] + view.lower[MouthView.columns / 2]) * 0.5
        func half(_ sign: Double) -> SIMD3<Float>? {
            view.median { index in
                let place = Point(
                    x: Double(view.window.x + index % view.window.width) + 0.5,
                    y: Double(view.window.y + index / view.window.width) + 0.5)
                return isLip(index) && sign * dot(place - middle, view.axes.right) > 0
            }
        }
        guard let left = half(-1), let right = half(1) else { return false }
        return abs(left.y - right.y) <= uneven
    }
}
