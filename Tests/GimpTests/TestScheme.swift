/// Script-Fu definitions that the tests' batch commands use.
/// - Parameters:
///   - photo: path of a photograph.
///   - copy: path for a copy of it that GIMP reads without a plug-in, whose start takes longer than many a drawing.
func testScheme(photo: String, copy: String) -> String {
    """
    (define test-photo "\(photo)")
    (define test-copy "\(copy)")

    (define (text-of value)
      (cond ((string? value) value)
            ((number? value) (number->string value))
            ((null? value) "")
            ((pair? value) (string-append (text-of (car value)) " " (text-of (cdr value))))
            (#t "?")))

    (define (say name . values)
      (gimp-message-set-handler CONSOLE)
      (gimp-message (string-append "@" name " " (text-of values))))

    (define (make-copy)
      (let ((image (car (gimp-file-load RUN-NONINTERACTIVE test-photo test-photo))))
        (gimp-file-save RUN-NONINTERACTIVE image (photo-layer image) test-copy test-copy)
        (gimp-image-delete image)))

    ; A portrait of 160x160 pixels with a face of about 100 pixels.
    (define (portrait)
      (if (not (file-exists? test-copy)) (make-copy))
      (let ((image (car (gimp-file-load RUN-NONINTERACTIVE test-copy test-copy))))
        (gimp-image-crop image 160 160 145 40)
        image))

    (define (photo-layer image)
      (vector-ref (cadr (gimp-image-get-layers image)) (- (car (gimp-image-get-layers image)) 1)))

    ; The topmost item, once there is a group.
    (define (photo-group image) (vector-ref (cadr (gimp-image-get-layers image)) 0))

    (define (to-precision image precision)
      (if (not (= precision (car (gimp-image-get-precision image)))) (gimp-image-convert-precision image precision)))

    ; Draws in 32 bits: strength in percent, region 0 faces, 1 photograph, 2 both. The new layer.
    (define (draw image layer strength region) (draw-as 0 image layer strength region))

    ; The same with the output: 0 layer, 1 layer with mask, 2 group, 3 the layer itself.
    (define (draw-as output image layer strength region)
      (car (plug-in-anime-style RUN-NONINTERACTIVE image layer "cel" strength region 0 100 0 0 output 0 80 70)))

    (define (count-above drawable channel threshold)
      (list-ref (gimp-drawable-histogram drawable channel threshold 1) 4))

    ; The space of the image's own numbers. In GIMP 3 the perceptual one has sRGB's tone curve, which makes much of a
    ; step of one in the darkness of another profile.
    (define own-numbers
      (if (defined? 'LAYER-COLOR-SPACE-RGB-NON-LINEAR) LAYER-COLOR-SPACE-RGB-NON-LINEAR
          LAYER-COLOR-SPACE-RGB-PERCEPTUAL))

    ; How many of the selected pixels of two layers of one size and place differ by more than the threshold (0 to 1).
    (define (differing image a b threshold)
      (let* ((layers (gimp-image-get-layers image))
             (a2 (car (gimp-layer-new-from-drawable a image)))
             (b2 (car (gimp-layer-new-from-drawable b image))))
        (let hide ((index 0))
          (if (< index (car layers))
              (begin (gimp-item-set-visible (vector-ref (cadr layers) index) FALSE) (hide (+ index 1)))))
        (gimp-image-insert-layer image a2 0 0)
        (gimp-image-insert-layer image b2 0 0)
        (gimp-item-set-visible a2 TRUE)
        (gimp-item-set-visible b2 TRUE)
        (gimp-layer-set-mode a2 LAYER-MODE-NORMAL)
        (gimp-layer-set-mode b2 LAYER-MODE-DIFFERENCE)
        (gimp-layer-set-blend-space b2 own-numbers)
        (let* ((difference (car (gimp-layer-new-from-visible image image "difference"))))
          (gimp-image-insert-layer image difference 0 0)
          (let ((count (count-above difference HISTOGRAM-VALUE threshold)))
            (gimp-image-remove-layer image difference)
            (gimp-image-remove-layer image a2)
            (gimp-image-remove-layer image b2)
            (let show ((index 0))
              (if (< index (car layers))
                  (begin (gimp-item-set-visible (vector-ref (cadr layers) index) TRUE) (show (+ index 1)))))
            count))))

    (define (pixel drawable x y) (vector->list (cadr (gimp-drawable-get-pixel drawable x y))))

    ; What must not change when a call is refused: layers, size, changes since the last saving, images, pixels.
    (define (state image)
      (let ((layer (photo-layer image)))
        (list (car (gimp-image-get-layers image)) (car (gimp-drawable-width layer)) (car (gimp-drawable-height layer))
              (car (gimp-image-is-dirty image)) (car (gimp-image-list))
              (if (= (car (gimp-item-is-group layer)) TRUE) 0 (gimp-drawable-histogram layer HISTOGRAM-VALUE 0 1)))))

    ; Makes a call that has to be refused, and says the image's state before and after.
    (define (refusal name image call)
      (gimp-image-clean-all image)
      (let ((before (state image)))
        (say "case" name)
        (catch (say (string-append name "-refused") 1) (call) (say (string-append name "-refused") 0))
        (say (string-append name "-before") before)
        (say (string-append name "-after") (state image))))
    """
}
