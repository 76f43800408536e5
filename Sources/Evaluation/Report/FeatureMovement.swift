import Drawing
import Raster

/// A feature of a face whose place is compared. Left and right are the viewer's.
public enum FaceFeature: String, CaseIterable, Sendable {
    case leftEye, rightEye, leftBrow, rightBrow, nose, mouth, jaw

    /// As a sentence calls it.
    var name: String {
        switch self {
        case .leftEye: "left eye"
        case .rightEye: "right eye"
        case .leftBrow: "left brow"
        case .rightBrow: "right brow"
        case .nose: "nose"
        case .mouth: "mouth"
        case .jaw: "jaw"
        }
    }

    /// Numbers of the mesh's points along its outline, in order.
    var outline: [Int] {
        switch self {
        case .leftEye: Self.eye(0)
        case .rightEye: Self.eye(1)
        case .leftBrow: MeshPoints.brow[0]
        case .rightBrow: MeshPoints.brow[1]
        case .nose:
            MeshPoints.noseWings[0] + MeshPoints.nostrils[0] + [MeshPoints.noseBase]
                + MeshPoints.nostrils[1].reversed() + MeshPoints.noseWings[1].reversed() + [MeshPoints.noseTip]
        case .mouth: MeshPoints.lips
        case .jaw: MeshPoints.jaw
        }
    }

    /// Whether the outline comes back to where it began.
    var isRing: Bool { self != .jaw }

    private static func eye(_ index: Int) -> [Int] {
        // Both lids have the corners.
        MeshPoints.upperLid[index] + MeshPoints.lowerLid[index].dropFirst().dropLast().reversed()
    }
}

/// How a feature of a face differs between a photograph and a drawing of it.
public struct FeatureMovement: Equatable, Sendable {
    /// Which feature.
    public let feature: FaceFeature
    /// Mean of ‖out − in‖ over the points of its outline, in pixels of the photograph.
    public let distance: Double
    /// The same in distances between the eyes.
    public let share: Double
    /// Of its middle along the face's own axes, to the viewer's right and to the chin, in pixels of the photograph.
    public let shift: Point
    /// Its extent in the drawing for one of 1 in the photograph, across the face and along it.
    public let width: Double
    /// Along the face, from brow to chin.
    public let height: Double

    /// - Parameters:
    ///   - before: the photograph's mesh, in its pixels.
    ///   - after: the drawing's, in the same.
    /// - Returns: `nil` when the eyes of `before` lie in one place.
    init?(_ feature: FaceFeature, from before: FaceMesh, to after: FaceMesh) {
        let across = before.eyeCentres.right - before.eyeCentres.left, unit = across.length
        guard unit > 0, unit.isFinite else { return nil }
        let right = across * (1 / unit)
        func alongAxes(_ p: Point) -> Point {
            Point(x: p.x * right.x + p.y * right.y, y: p.y * right.x - p.x * right.y)
        }
        let numbers = feature.outline
        let (old, new) = (before.points(numbers).map(alongAxes), after.points(numbers).map(alongAxes))
        self.feature = feature
        distance = zip(old, new).reduce(0) { $0 + ($1.1 - $1.0).length } / Double(numbers.count)
        share = distance / unit
        shift = new.mean - old.mean
        width = Self.extent(new.map(\.x)) / max(Self.extent(old.map(\.x)), 1e-9)
        height = Self.extent(new.map(\.y)) / max(Self.extent(old.map(\.y)), 1e-9)
    }

    private static func extent(_ values: [Double]) -> Double { (values.max() ?? 0) - (values.min() ?? 0) }
}

extension FaceMesh {
    /// Middles of the eyes' outlines.
    var eyeCentres: (left: Point, right: Point) {
        (points(FaceFeature.leftEye.outline).mean, points(FaceFeature.rightEye.outline).mean)
    }
}
