import ArgumentParser
import Settings

/// How far the drawing's tones are led: skin, hair and light.
struct ToneArguments: ParsableArguments {
    @Option(help: "How far skin is brought back to the photograph's own, 0 to 1.")
    var skin: Double = StyleOptions().skinConstancy

    @Option(help: "How far hair is held to the photograph's hue and chroma, 0 to 1.")
    var hair: Double = StyleOptions().hairLimit

    @Option(help: "How far the light is evened out before drawing, 0 to 1.")
    var lighting: Double = StyleOptions().lighting

    func apply(to options: inout StyleOptions) {
        options.skinConstancy = skin
        options.hairLimit = hair
        options.lighting = lighting
    }
}
