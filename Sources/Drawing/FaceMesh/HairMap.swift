import Models
import Raster
import Settings

/// Where the hair of one face lies, beards included.
public struct HairMap: Equatable, Sendable {
    /// Likelihood of hair in a square about the head, 0…1.
    private let likelihood: Plane
    /// From the picture's coordinates to the square's pixels.
    private let toSquare: SimilarityTransform

    /// Share of the square's side along which the map fades out towards its border, so that hair that goes on beyond
    /// shows no edge there.
    private static let fade: Float = 0.12

    /// - Parameters:
    ///   - likelihood: 0…1, square.
    ///   - toSquare: from the picture's coordinates to the pixels of `likelihood`.
    init(likelihood: Plane, toSquare: SimilarityTransform) {
        (self.likelihood, self.toSquare) = (likelihood, toSquare)
    }

    /// The map after `transform`; `nil` where that has no inverse.
    func map(_ transform: SimilarityTransform) -> HairMap? {
        transform.inverse.map { HairMap(likelihood: likelihood, toSquare: $0.then(toSquare)) }
    }

    /// Of the square, in the picture's coordinates; none where the map has no inverse.
    var corners: [Point] {
        guard let back = toSquare.inverse else { return [] }
        let side = Double(likelihood.width)
        return [Point(x: 0, y: 0), Point(x: side, y: 0), Point(x: 0, y: side), Point(x: side, y: side)].map(back.apply)
    }

    /// How likely there is hair at a place of the picture, 0…1.
    func callAsFunction(_ place: Point) -> Float {
        let p = toSquare.apply(place), side = Double(likelihood.width)
        let inside = Float(min(p.x, p.y, side - p.x, side - p.y) / side)
        guard inside > 0 else { return 0 }
        return likelihood.bilinear(p.x, p.y) * smoothstep(0, Self.fade, inside)
    }
}

/// Finds hair about faces with the network that `Models/training/train_hair.py` makes. Safe to call from several
/// threads.
struct HairFinder: Sendable {
    /// Picture of an aligned face in, likelihood of hair out.
    private let network: NeuralNetwork

    /// Pixels a side of what the network sees.
    private static let side = 64

    init(network: NeuralNetwork) { self.network = network }

    /// Gives back the memory that the network keeps from face to face.
    func rest() { network.rest() }

    /// - Parameters:
    ///   - landmarks: in the photograph's coordinates.
    ///   - scene: the photograph without transparency.
    /// - Returns: `nil` when the landmarks are all in one place.
    /// - Throws: `StyleError.network`.
    func hair(of landmarks: Landmarks, in scene: Scene) throws -> HairMap? {
        let side = Double(Self.side)
        guard let crop = MeshCrop(headAbout: landmarks), let toSquare = crop.map(side).inverse else { return nil }
        let answer = try network.run(["picture": crop.tensor(scene, side: Self.side)])
        guard let found = answer["hair"], found.values.count == Self.side * Self.side,
            found.values.allSatisfy(\.isFinite)
        else {
            throw StyleError.network(reason: "the network of hair did not answer with “hair” in the expected shape")
        }
        let likelihood = Plane(
            width: Self.side, height: Self.side, values: found.values.map { min(max($0, 0), 1) })
        return HairMap(likelihood: likelihood, toSquare: toSquare)
    }
}
